namespace TransformerClinic.Model;

/// <summary>
/// The table of the words that make up a sublayer's address: names of modules, which are also in every weights file;
/// words for people, which are also keys of the log and of TensorBoard's tags; the names in the authors' plots.
/// </summary>
internal static class SublayerWords
{
    /// <summary>The module that holds a stack's layers.</summary>
    public const string Layers = "layers";

    private static readonly (StackName Stack, string Word)[] Stacks =
    [
        (StackName.Encoder, "encoder"),
        (StackName.Decoder, "decoder"),
    ];

    private static readonly (SublayerKind Kind, string ModuleName, string Word)[] Kinds =
    [
        (SublayerKind.SelfAttention, "self_attention", "self-attention"),
        (SublayerKind.CrossAttention, "cross_attention", "cross-attention"),
        (SublayerKind.FeedForward, "feed_forward", "feed-forward"),
    ];

    /// <summary>
    /// A stack's name: of its module, for people, in files, and of its chain of residual connections.
    /// </summary>
    public static string Word(this StackName stack) => Stacks.Single(row => row.Stack == stack).Word;

    /// <summary>A sublayer's name for people, in the log and in tags: <c>self-attention</c>.</summary>
    public static string Word(this SublayerKind kind) => Row(kind).Word;

    /// <summary>The name of a sublayer's module: <c>self_attention</c>.</summary>
    public static string ModuleName(this SublayerKind kind) => Row(kind).ModuleName;

    /// <summary>
    /// What the authors' <c>--plot_gradient</c> calls a sublayer, and <c>diagnosis.json</c> as well: <c>encoder
    /// attn</c>, <c>decoder s-att</c>, <c>decoder e-att</c>, <c>encoder ffn</c>, <c>decoder ffn</c>.
    /// </summary>
    public static string PlotName(this SublayerAddress address) =>
        address.Stack.Word()
        + (address.Kind, address.Stack) switch
        {
            (SublayerKind.FeedForward, _) => " ffn",
            (SublayerKind.CrossAttention, _) => " e-att",
            (_, StackName.Decoder) => " s-att",
            _ => " attn",
        };

    /// <summary>The stack of a name, or null.</summary>
    public static StackName? StackOf(string word) =>
        Stacks.Where(row => row.Word == word).Select(row => (StackName?)row.Stack).SingleOrDefault();

    /// <summary>The sublayer whose module has a name, or null.</summary>
    public static SublayerKind? KindOf(string moduleName) =>
        Kinds.Where(row => row.ModuleName == moduleName).Select(row => (SublayerKind?)row.Kind).SingleOrDefault();

    private static (SublayerKind Kind, string ModuleName, string Word) Row(SublayerKind kind) =>
        Kinds.Single(row => row.Kind == kind);
}
