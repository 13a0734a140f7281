using System.Globalization;

namespace TransformerClinic.Model;

/// <summary>The stacks of a <see cref="Transformer"/>, in forward order.</summary>
internal enum StackName
{
    /// <summary>The stack that reads the source; two sublayers a layer: self-attention, feed-forward.</summary>
    Encoder,

    /// <summary>
    /// The stack that reads the previous output; three sublayers a layer: self-attention, cross-attention,
    /// feed-forward.
    /// </summary>
    Decoder,
}

/// <summary>What a sublayer computes.</summary>
internal enum SublayerKind
{
    /// <summary>Attention to the stack's own states; the first sublayer of each layer.</summary>
    SelfAttention,

    /// <summary>Attention to the encoder's output; only in the decoder.</summary>
    CrossAttention,

    /// <summary>Two matrices with an activation between them; the last sublayer of each layer.</summary>
    FeedForward,
}

/// <summary>
/// Where a sublayer is in a <see cref="Transformer"/>: the only encoding of it. Module paths, words for people and keys
/// in files are derived from it, by the words of <see cref="SublayerWords"/>.
/// </summary>
/// <param name="Stack">Its stack.</param>
/// <param name="Layer">Its layer, from 0 at the stack's input.</param>
/// <param name="Kind">Which of the layer's sublayers it is.</param>
internal readonly record struct SublayerAddress(StackName Stack, int Layer, SublayerKind Kind)
{
    private static readonly IReadOnlyList<SublayerKind> InEncoder =
    [
        SublayerKind.SelfAttention,
        SublayerKind.FeedForward,
    ];

    private static readonly IReadOnlyList<SublayerKind> InDecoder =
    [
        SublayerKind.SelfAttention,
        SublayerKind.CrossAttention,
        SublayerKind.FeedForward,
    ];

    /// <summary>Its layer as people and the log count, from 1 at the stack's input.</summary>
    public int LayerNumber => Layer + 1;

    /// <summary>The path of its module, such as <c>encoder.layers.3.self_attention</c>.</summary>
    public string Path =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Stack.Word()}.{SublayerWords.Layers}.{Layer}.{Kind.ModuleName()}"
        );

    /// <summary>Whether it reads the encoder's output in addition to its own input.</summary>
    internal bool ReadsMemory => Kind == SublayerKind.CrossAttention;

    /// <summary>Whether its positions do not see later ones.</summary>
    internal bool IsCausal => Stack == StackName.Decoder && Kind == SublayerKind.SelfAttention;

    /// <summary>The sublayers of each layer of a stack, in forward order.</summary>
    public static IReadOnlyList<SublayerKind> KindsIn(StackName stack) =>
        stack == StackName.Encoder ? InEncoder : InDecoder;

    /// <summary>
    /// The sublayer that a module or a parameter belongs to, by its path such as
    /// <c>encoder.layers.3.self_attention.residual.omega</c>; null for what belongs to none.
    /// </summary>
    public static SublayerAddress? OfPath(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return
            path.Split('.') is [var first, SublayerWords.Layers, var number, var name, ..]
            && SublayerWords.StackOf(first) is { } stack
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var layer)
            && SublayerWords.KindOf(name) is { } kind
            && KindsIn(stack).Contains(kind)
            ? new SublayerAddress(stack, layer, kind)
            : null;
    }

    /// <summary>The words for people, such as <c>encoder layer 4, self-attention</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Stack.Word()} layer {LayerNumber}, {Kind.Word()}");

    /// <summary>The sublayers of a model in forward order, the encoder's first.</summary>
    internal static IEnumerable<(SublayerAddress Address, Sublayer Sublayer)> AllOf(Transformer model) =>
        [.. InStack(StackName.Encoder, model.Encoder.Layers), .. InStack(StackName.Decoder, model.Decoder.Layers)];

    private static IEnumerable<(SublayerAddress Address, Sublayer Sublayer)> InStack(
        StackName stack,
        IEnumerable<ILayer> layers
    ) =>
        layers.SelectMany(
            (layer, i) =>
                KindsIn(stack).Zip(layer.Sublayers, (kind, sublayer) => (new SublayerAddress(stack, i, kind), sublayer))
        );
}
