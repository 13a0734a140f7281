using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Residuals.Remedies;

namespace TransformerClinic.Decoding.Packed;

/// <summary>
/// A model in a file of weights, where its equations can be known from its options: nothing of libtorch is loaded.
/// </summary>
/// <param name="options">The model's shape.</param>
/// <param name="vocabulary">Size of the joint vocabulary.</param>
/// <param name="find">A parameter of the file by its name; null if it has none in float32.</param>
internal sealed class StoredParts(ModelOptions options, int vocabulary, Func<string, WeightMemory?> find) : IModelParts
{
    private readonly HashSet<string> _read = [];

    /// <inheritdoc/>
    public ModelOptions Options => options;

    /// <inheritdoc/>
    public int Vocabulary => vocabulary;

    /// <summary>How many parameters have been asked for.</summary>
    public int Read => _read.Count;

    /// <inheritdoc/>
    public PositionRows Positions { get; } = new(options.MaxPositions, options.Dim, options.Positions);

    /// <inheritdoc/>
    public WeightMemory Weight(string name, int rows, int columns = 1)
    {
        _read.Add(name);
        return find(name) is { } found && found.Rows == rows && found.Columns == columns
            ? found
            : throw new UnservedModelException();
    }

    /// <summary>A copy: the file may be overwritten while the model is used.</summary>
    /// <exception cref="UnservedModelException">The file has no such parameter.</exception>
    public WeightMemory LastingWeight(string name, int rows, int columns = 1) => Weight(name, rows, columns).Copy();

    /// <inheritdoc/>
    public PackedConnection Connection(SublayerAddress address)
    {
        var kinds = SublayerAddress.KindsIn(address.Stack);
        var index = (address.Layer * kinds.Count) + kinds.ToList().IndexOf(address.Kind);
        var form =
            StoredForm.Of(StackOf(address.Stack).Residuals, ShapeOf(address.Stack), index)
            ?? throw new UnservedModelException();
        var prefix = $"{address.Path}.{Sublayer.ResidualName}.";
        return new PackedConnection(
            form.Before is { } before ? Norm(address.Stack, prefix + before) : null,
            form.After is { } after ? Norm(address.Stack, prefix + after) : null,
            form.ShortcutName is { } name ? Weight(prefix + name, options.Dim).Values.ToArray() : null,
            form.Shortcut
        );
    }

    /// <summary>None: variants that have one have no <see cref="StoredForm"/>.</summary>
    public PackedNorm? BranchNorm(SublayerAddress address) => null;

    /// <summary>None, likewise.</summary>
    public PackedHeadNorms? HeadNorms(SublayerAddress address) => null;

    /// <inheritdoc/>
    public PackedEnds Ends(StackName stack)
    {
        var (its, prefix) = (StackOf(stack), $"{stack.Word()}.");
        return new PackedEnds(
            its.InputScale ? Weight(prefix + StackParts.InputScale, options.Dim) : null,
            inputNorm: null,
            sumStart: null,
            entryNorm: null,
            sumNorm: null,
            StoredForm.StackEndsWithNorm(its.Residuals) ? Norm(stack, prefix + StackParts.FinalNorm) : null
        );
    }

    private PackedNorm Norm(StackName stack, string name)
    {
        var (kind, gain) = (StackOf(stack).Norm, $"{name}.weight");
        return kind == NormKind.ScaleNorm
            ? PackedNorm.OfLength(Weight(gain, 1), options.Dim)
            : new PackedNorm(
                Weight(gain, options.Dim),
                kind == NormKind.LayerNorm ? Weight($"{name}.bias", options.Dim) : null,
                ScaledNorm.UsualEpsilon,
                centers: kind != NormKind.RmsNorm
            );
    }

    private StackOptions StackOf(StackName stack) => stack == StackName.Encoder ? options.Encoder : options.Decoder;

    private StackShape ShapeOf(StackName stack) =>
        new(
            stack == StackName.Encoder ? StackRole.Encoder : StackRole.Decoder,
            options.Encoder.Layers,
            options.Decoder.Layers
        );
}
