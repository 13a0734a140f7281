using TransformerClinic.Kernels;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Decoding.Packed;

/// <summary>
/// A model whose weights are laid out for decoding, and whose every step is computed by our own kernels: at few rows
/// libtorch's products wait for memory, and its operators for one another. Made once, shared by all workers; the
/// model's weights must not change after that.
/// </summary>
internal sealed class PackedTransformer : IDecodingModel
{
    private const int Vector = 16;

    /// <summary>Packs a model's weights.</summary>
    public PackedTransformer(Transformer model, DecodingPrecision precision)
    {
        Options = model.Options;
        Encoder = new PackedEncoder(model, precision);
        Embedding = new PackedEmbedding(model.Embeddings.Target, model.Positions, Options.Dim, Options.ZeroStart);
        Ends = PackedEnds.Of(model.Decoder);
        Layers = [.. model.Decoder.Layers.Select(layer => new PackedDecoderLayer(layer, Options, precision))];
        Projection = WeightPacking.Projection(model.Embeddings.Output, model.Embeddings.OutputBias, precision);
    }

    /// <summary>The model's shape.</summary>
    public ModelOptions Options { get; }

    /// <summary>The encoder.</summary>
    public PackedEncoder Encoder { get; }

    /// <summary>The decoder's input.</summary>
    public PackedEmbedding Embedding { get; }

    /// <summary>The decoder's ends.</summary>
    public PackedEnds Ends { get; }

    /// <summary>The decoder's layers, bottom first.</summary>
    public IReadOnlyList<PackedDecoderLayer> Layers { get; }

    /// <summary>The output projection, <c>[dim] -> [vocabulary]</c>.</summary>
    public PackedMatrix Projection { get; }

    /// <summary>
    /// Whether the kernels can compute a model: in the processor's memory, float32, in whole vectors, with residual
    /// connections that they know.
    /// </summary>
    public static bool Serves(Transformer model)
    {
        var weights = model.Embeddings.Source;
        return weights.device_type == TorchSharp.DeviceType.CPU
            && weights.dtype == ScalarType.Float32
            && model.Options.Dim % Vector == 0
            && ForeignConnection(model) is null;
    }

    /// <summary>A residual connection that the kernels do not know; null where they know all.</summary>
    public static ResidualConnection? ForeignConnection(Transformer model) =>
        model
            .Encoder.Residuals.Concat(model.Decoder.Residuals)
            .FirstOrDefault(connection => !PackedConnection.Serves(connection));

    /// <inheritdoc/>
    public IIncrementalDecoder Start(IReadOnlyList<int[]> sources) => new PackedDecoder(this, sources);
}
