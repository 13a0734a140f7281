using System.Globalization;
using TransformerClinic.Model;

namespace TransformerClinic.Interop.Fairseq;

/// <summary>
/// The names that the Admin authors' fairseq has for our model's parameters: our
/// <c>encoder.layers.0.self_attention.branch.input_projection.weight</c> is its
/// <c>encoder.layers.0.self_attn.in_proj_weight</c>.
/// </summary>
internal static class FairseqNames
{
    /// <summary>The embedding of the source, and of everything if all embeddings are shared.</summary>
    public const string SourceEmbedding = "encoder.embed_tokens.weight";

    /// <summary>The embedding of the target; stored a second time if all embeddings are shared.</summary>
    public const string TargetEmbedding = "decoder.embed_tokens.weight";

    /// <summary>The output projection of models that do not share it with an embedding.</summary>
    public const string OutputProjection = "decoder.embed_out";

    /// <summary>The output projection's bias, which fairseq's own models do not have.</summary>
    public const string OutputBias = "decoder.output_projection.bias";

    /// <summary>The name of one of our model's parameters.</summary>
    /// <exception cref="ArgumentException">Our model has no parameter of that name.</exception>
    public static string OfParameter(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return SublayerAddress.OfPath(name) is { } sublayer
            ? $"{OfLayer(sublayer)}.{InLayer(sublayer, name.Split('.')[4..]) ?? throw Unknown(name)}"
            : name.Split('.') switch
            {
                ["embeddings", "shared" or "source"] => SourceEmbedding,
                ["embeddings", "target"] => TargetEmbedding,
                ["embeddings", "output"] => OutputProjection,
                ["embeddings", "output_bias"] => OutputBias,
                [var stack, "norm", var kind] when SublayerWords.StackOf(stack) is { } known =>
                    $"{OfStack(known)}.layer_norm.{kind}",
                _ => throw Unknown(name),
            };
    }

    /// <summary>The name of a stack: <c>encoder</c> or <c>decoder</c>, as ours.</summary>
    public static string OfStack(StackName stack) => stack.Word();

    /// <summary>The name of the layer that a sublayer is in, such as <c>encoder.layers.0</c>.</summary>
    public static string OfLayer(SublayerAddress sublayer) =>
        string.Create(CultureInfo.InvariantCulture, $"{OfStack(sublayer.Stack)}.layers.{sublayer.Layer}");

    /// <summary>
    /// The name of a sublayer in recorded activations, such as <c>decoder.layers.0.encoder_attn</c>: the last part is
    /// <c>self_attn</c>, <c>encoder_attn</c> or <c>ffn</c>.
    /// </summary>
    public static string OfSublayer(SublayerAddress sublayer) =>
        $"{OfLayer(sublayer)}.{(sublayer.Kind == SublayerKind.FeedForward ? "ffn" : Attention(sublayer))}";

    /// <summary>
    /// The names that a parameter's rows have where queries, keys and values are three matrices instead of one
    /// (DeepNet, which draws them with different gains; fairseq from 0.9 on, biases too); none for other parameters.
    /// </summary>
    public static IReadOnlyList<string> Separate(string fairseqName) =>
        fairseqName.Split('.') is [.. var path, "in_proj_weight" or "in_proj_bias"]
            ? [.. "qkv".Select(part => string.Join('.', [.. path, $"{part}_proj_{fairseqName.Split('_')[^1]}"]))]
            : [];

    /// <summary>
    /// Whether a tensor is not a weight: version numbers, buffers that only mark a device, tables of positions that are
    /// computed anyway.
    /// </summary>
    public static bool IsConstant(string fairseqName) =>
        fairseqName.EndsWith(".version", StringComparison.Ordinal)
        || fairseqName.EndsWith("._float_tensor", StringComparison.Ordinal)
        || fairseqName.EndsWith(".embed_positions.weights", StringComparison.Ordinal);

    private static string? InLayer(SublayerAddress sublayer, string[] rest)
    {
        var attention = Attention(sublayer);
        return rest switch
        {
            ["branch", "input_projection", var kind] => $"{attention}.in_proj_{kind}",
            ["branch", "output_projection", var kind] => $"{attention}.out_proj.{kind}",
            ["branch", "inner", var kind] => $"fc1.{kind}",
            ["branch", "outer", var kind] => $"fc2.{kind}",
            ["residual", "norm", var kind] => sublayer.Kind == SublayerKind.FeedForward
                ? $"final_layer_norm.{kind}"
                : $"{attention}_layer_norm.{kind}",
            ["residual", "omega"] => Omega(sublayer),
            ["residual", "alpha"] => "rezero_weight", // one per layer: its first sublayer owns it
            _ => null,
        };
    }

    private static string Attention(SublayerAddress sublayer) =>
        sublayer.Kind == SublayerKind.CrossAttention ? "encoder_attn" : "self_attn";

    private static string Omega(SublayerAddress sublayer) =>
        (sublayer.Kind, sublayer.Stack) switch
        {
            (SublayerKind.FeedForward, _) => "fc_ratio_change",
            (SublayerKind.CrossAttention, _) => "encoder_ratio_change",
            (_, StackName.Encoder) => "attention_ratio_change",
            _ => "self_ratio_change",
        };

    private static ArgumentException Unknown(string name) => new($"'{name}' has no name in fairseq.", nameof(name));
}
