namespace TransformerClinic.Interop.Fairseq;

/// <summary>
/// The names under which the Admin authors' fairseq keeps what our model holds: our
/// <c>encoder.layers.0.self_attention.branch.input_projection.weight</c> is its
/// <c>encoder.layers.0.self_attn.in_proj_weight</c>.
/// </summary>
public static class FairseqNames
{
    /// <summary>The embedding of the source, and of everything where all embeddings are one.</summary>
    public const string SourceEmbedding = "encoder.embed_tokens.weight";

    /// <summary>The embedding of the target; stored a second time where all embeddings are one.</summary>
    public const string TargetEmbedding = "decoder.embed_tokens.weight";

    /// <summary>The output projection of models that do not share it with an embedding.</summary>
    public const string OutputProjection = "decoder.embed_out";

    private const string FusedProjection = "in_proj_weight";

    /// <summary>The name of one of our model's parameters.</summary>
    /// <exception cref="ArgumentException">Our model has no parameter of that name.</exception>
    public static string OfParameter(string name) =>
        name.Split('.') switch
        {
            ["embeddings", "shared" or "source"] => SourceEmbedding,
            ["embeddings", "target"] => TargetEmbedding,
            ["embeddings", "output"] => OutputProjection,
            [var stack, "norm", var kind] => $"{stack}.layer_norm.{kind}",
            [var stack, "layers", var layer, var sublayer, .. var rest] =>
                $"{stack}.layers.{layer}.{InLayer(stack, sublayer, rest) ?? throw Unknown(name)}",
            _ => throw Unknown(name),
        };

    /// <summary>
    /// The name of a sublayer as activations bear it: <c>self_attn</c>, <c>encoder_attn</c> or <c>ffn</c>.
    /// </summary>
    /// <exception cref="ArgumentException">Our layers have no sublayer of that name.</exception>
    public static string OfSublayer(string name) =>
        name switch
        {
            "self_attention" => "self_attn",
            "cross_attention" => "encoder_attn",
            "feed_forward" => "ffn",
            _ => throw Unknown(name),
        };

    /// <summary>
    /// The name of a sublayer in what <c>--plot_gradient</c> prints: <c>encoder attn</c>, <c>encoder ffn</c>,
    /// <c>decoder s-att</c>, <c>decoder e-att</c>, <c>decoder ffn</c>.
    /// </summary>
    /// <exception cref="ArgumentException">Our stacks have no sublayer of that name.</exception>
    public static string OfPlottedBlock(string stack, string sublayer) =>
        (stack, sublayer) switch
        {
            ("encoder", "self_attention") => "encoder attn",
            ("decoder", "self_attention") => "decoder s-att",
            ("decoder", "cross_attention") => "decoder e-att",
            (_, "feed_forward") => $"{stack} ffn",
            _ => throw Unknown($"{stack}.{sublayer}"),
        };

    /// <summary>
    /// The names that a parameter's rows have where queries, keys and values are three matrices instead of one
    /// (DeepNet, which draws them with different gains); none for parameters that are no such projection.
    /// </summary>
    public static IReadOnlyList<string> Separate(string fairseqName) =>
        fairseqName.EndsWith("." + FusedProjection, StringComparison.Ordinal)
            ? [.. "qkv".Select(part => $"{fairseqName[..^FusedProjection.Length]}{part}_proj_weight")]
            : [];

    /// <summary>Whether a tensor is no weight: version numbers and buffers that only tell a device.</summary>
    public static bool IsConstant(string fairseqName) =>
        fairseqName.EndsWith(".version", StringComparison.Ordinal)
        || fairseqName.EndsWith("._float_tensor", StringComparison.Ordinal);

    private static string? InLayer(string stack, string sublayer, string[] rest)
    {
        var attention = sublayer == "cross_attention" ? "encoder_attn" : "self_attn";
        return rest switch
        {
            ["branch", "input_projection", var kind] => $"{attention}.in_proj_{kind}",
            ["branch", "output_projection", var kind] => $"{attention}.out_proj.{kind}",
            ["branch", "inner", var kind] => $"fc1.{kind}",
            ["branch", "outer", var kind] => $"fc2.{kind}",
            ["residual", "norm", var kind] => sublayer == "feed_forward"
                ? $"final_layer_norm.{kind}"
                : $"{attention}_layer_norm.{kind}",
            ["residual", "omega"] => Omega(stack, sublayer),
            ["residual", "alpha"] => "rezero_weight", // one a layer: its first sublayer owns it
            _ => null,
        };
    }

    private static string Omega(string stack, string sublayer) =>
        (stack, sublayer) switch
        {
            (_, "feed_forward") => "fc_ratio_change",
            (_, "cross_attention") => "encoder_ratio_change",
            ("encoder", _) => "attention_ratio_change",
            _ => "self_ratio_change",
        };

    private static ArgumentException Unknown(string name) => new($"'{name}' has no name in fairseq.", nameof(name));
}
