using TransformerClinic.Model;

namespace TransformerClinic.Decoding.Packed;

/// <summary>A model as its parameters are now; one that <see cref="PackedTransformer.Serves"/>.</summary>
internal sealed class TransformerParts(Transformer model) : IModelParts
{
    private readonly Dictionary<string, TorchSharp.Modules.Parameter> _parameters = model
        .named_parameters()
        .ToDictionary(entry => entry.name, entry => entry.parameter);

    private readonly Dictionary<SublayerAddress, Sublayer> _sublayers = SublayerAddress
        .AllOf(model)
        .ToDictionary(entry => entry.Address, entry => entry.Sublayer);

    /// <inheritdoc/>
    public ModelOptions Options => model.Options;

    /// <inheritdoc/>
    public int Vocabulary => model.Vocabulary;

    /// <inheritdoc/>
    public PositionRows Positions { get; } = PositionRows.Of(model.Positions);

    /// <inheritdoc/>
    public WeightMemory Weight(string name, int rows, int columns = 1) => WeightMemory.Of(_parameters[name]);

    /// <inheritdoc/>
    public WeightMemory LastingWeight(string name, int rows, int columns = 1) => Weight(name, rows, columns);

    /// <inheritdoc/>
    public PackedConnection Connection(SublayerAddress address) => new(_sublayers[address].Residual);

    /// <inheritdoc/>
    public PackedNorm? BranchNorm(SublayerAddress address) =>
        _sublayers[address].Branch switch
        {
            MultiHeadAttention { OutputNorm: { } norm } => PackedNorm.Of(norm),
            FeedForward { OutputNorm: { } norm } => PackedNorm.Of(norm),
            _ => null,
        };

    /// <inheritdoc/>
    public PackedHeadNorms? HeadNorms(SublayerAddress address) =>
        _sublayers[address].Branch is MultiHeadAttention { HeadNorms: { } norms } ? new PackedHeadNorms(norms) : null;

    /// <inheritdoc/>
    public PackedEnds Ends(StackName stack) =>
        stack == StackName.Encoder ? PackedEnds.Of(model.Encoder) : PackedEnds.Of(model.Decoder);
}
