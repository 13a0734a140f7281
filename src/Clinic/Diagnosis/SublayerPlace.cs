using System.Globalization;
using TransformerClinic.Interop.Fairseq;
using TransformerClinic.Model;

namespace TransformerClinic.Diagnosis;

/// <summary>
/// Where a sublayer stands in its model. In models of other make nothing says which sublayers are a layer: each counts
/// as one, and its name is the module path of its connection.
/// </summary>
/// <param name="Stack">
/// <see cref="Encoder"/> or <see cref="Decoder"/>; in models of other make what <see cref="DiagnosedPass.StackOf"/>
/// says.
/// </param>
/// <param name="Layer">Its layer, from 0 at the bottom.</param>
/// <param name="Name"><see cref="SelfAttention"/>, <see cref="CrossAttention"/> or <see cref="FeedForward"/>.</param>
public sealed record SublayerPlace(string Stack, int Layer, string Name)
{
    /// <summary>The stack that reads the source.</summary>
    public const string Encoder = "encoder";

    /// <summary>The stack that reads the previous output.</summary>
    public const string Decoder = "decoder";

    /// <summary>Self-attention, the first sublayer of each layer.</summary>
    public const string SelfAttention = "self_attention";

    /// <summary>The feed-forward sublayer, the last of each layer.</summary>
    public const string FeedForward = "feed_forward";

    /// <summary>Attention to the encoder's output, in the decoder alone.</summary>
    public const string CrossAttention = "cross_attention";

    /// <summary>
    /// What the reference's <c>--plot_gradient</c> calls it: <c>encoder attn</c>, <c>decoder e-att</c> and so on.
    /// </summary>
    public string ReferenceName => FairseqNames.OfPlottedBlock(Stack, Name);

    /// <summary>Whether it reads the encoder's output beside its own input.</summary>
    internal bool ReadsMemory => Name == CrossAttention;

    /// <summary>Whether its positions do not see later ones.</summary>
    internal bool IsCausal => Stack == Decoder && Name == SelfAttention;

    /// <summary>The sublayers of a model in forward order, the encoder's first.</summary>
    internal static IEnumerable<(SublayerPlace Place, Sublayer Sublayer)> Of(Transformer model) =>
        [
            .. model.Encoder.Layers.SelectMany((layer, i) => InLayer(Encoder, i, [SelfAttention, FeedForward], layer)),
            .. model.Decoder.Layers.SelectMany(
                (layer, i) => InLayer(Decoder, i, [SelfAttention, CrossAttention, FeedForward], layer)
            ),
        ];

    /// <summary>The place of a connection.</summary>
    /// <param name="stack">Its stack.</param>
    /// <param name="path">Its module path: <c>encoder.layers.3.self_attention.residual</c> in our Transformer.</param>
    /// <param name="number">How many of its stack the pass has met before it.</param>
    internal static SublayerPlace Of(string stack, string path, int number) =>
        path.Split('.') is [Encoder or Decoder, "layers", var layer, var name, "residual"]
        && int.TryParse(layer, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)
            ? new SublayerPlace(stack, parsed, name)
            : new SublayerPlace(stack, number, path);

    private static IEnumerable<(SublayerPlace Place, Sublayer Sublayer)> InLayer(
        string stack,
        int layer,
        string[] names,
        ILayer sublayers
    ) => names.Zip(sublayers.Sublayers, (name, sublayer) => (new SublayerPlace(stack, layer, name), sublayer));
}
