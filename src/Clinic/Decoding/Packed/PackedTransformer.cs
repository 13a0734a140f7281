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

    /// <summary>Packs a model's weights as they are now.</summary>
    public PackedTransformer(Transformer model, DecodingPrecision precision)
        : this(new TransformerParts(model), precision) { }

    private PackedTransformer(IModelParts parts, DecodingPrecision precision)
    {
        Options = parts.Options;
        var (source, target, output) = EmbeddingNames.Of(Options.SharedEmbeddings);
        var embedding = Lasting(parts, target);
        Encoder = new PackedEncoder(parts, source == target ? embedding : Lasting(parts, source), precision);
        Embedding = new PackedEmbedding(embedding, parts.Positions, Options.Dim, Options.ZeroStart);
        Ends = parts.Ends(StackName.Decoder);
        Layers =
        [
            .. Enumerable
                .Range(0, Options.Decoder.Layers)
                .Select(layer => new PackedDecoderLayer(parts, layer, precision)),
        ];
        var bias = Options.OutputBias
            ? parts.Weight($"{EmbeddingNames.Module}.{EmbeddingNames.Bias}", parts.Vocabulary)
            : null;
        Projection = WeightPacking.Projection(output == target ? embedding : Matrix(parts, output), bias, precision);

        // The weights are read by their addresses, which hold for as long as the model does.
        GC.KeepAlive(parts);
    }

    /// <summary>
    /// Packs the weights of a file, without libtorch; null if they are not those of such a model, or if it takes the
    /// model to know how they are computed with.
    /// </summary>
    /// <param name="options">The model's shape.</param>
    /// <param name="vocabulary">Size of the joint vocabulary.</param>
    /// <param name="count">How many parameters the file has.</param>
    /// <param name="find">One of them by its name; null if it has none in float32.</param>
    /// <param name="precision">How weights are stored.</param>
    public static PackedTransformer? OfFile(
        ModelOptions options,
        int vocabulary,
        int count,
        Func<string, WeightMemory?> find,
        DecodingPrecision precision
    )
    {
        if (options.Dim % Vector != 0 || options.Activation == Activation.Gelu)
        {
            return null;
        }

        try
        {
            var parts = new StoredParts(options, vocabulary, find);
            var packed = new PackedTransformer(parts, precision);
            return parts.Read == count ? packed : null;
        }
        catch (UnservedModelException)
        {
            return null;
        }
    }

    /// <summary>Whether steps need an operator of libtorch: the normal distribution function of GELU.</summary>
    public bool NeedsLibtorch => Options.Activation == Activation.Gelu;

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

    private static WeightMemory Lasting(IModelParts parts, string name) =>
        parts.Options.FixNorm
            ? Matrix(parts, name)
            : parts.LastingWeight($"{EmbeddingNames.Module}.{name}", parts.Vocabulary, parts.Options.Dim);

    /// <summary>A matrix as it is used; with FixNorm, in memory of its own.</summary>
    private static WeightMemory Matrix(IModelParts parts, string name)
    {
        var stored = parts.Weight($"{EmbeddingNames.Module}.{name}", parts.Vocabulary, parts.Options.Dim);
        return parts.Options.FixNorm ? stored.Unit() : stored;
    }

    /// <inheritdoc/>
    public IIncrementalDecoder Start(IReadOnlyList<int[]> sources) => new PackedDecoder(this, sources);
}
