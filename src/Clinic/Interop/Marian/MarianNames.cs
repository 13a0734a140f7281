using System.Globalization;
using TransformerClinic.Model;

namespace TransformerClinic.Interop.Marian;

/// <summary>
/// The names that Marian has for our model's parameters: our <c>encoder.layers.0.feed_forward.branch.inner.weight</c>
/// is its <c>encoder_l1_ffn_W1</c>. Its matrices are <c>[in, out]</c>, ours <c>[out, in]</c>.
/// </summary>
internal static class MarianNames
{
    /// <summary>The embedding of source, target and output where they are one.</summary>
    public const string Shared = "Wemb";

    /// <summary>The embedding of the source.</summary>
    public const string Source = "encoder_Wemb";

    /// <summary>The embedding of the target.</summary>
    public const string Target = "decoder_Wemb";

    /// <summary>The output projection <c>[vocabulary, dim]</c>.</summary>
    public const string Output = "decoder_ff_logit_out_Wt";

    /// <summary>The output projection <c>[dim, vocabulary]</c>, as older models have it.</summary>
    public const string OldOutput = "decoder_ff_logit_out_W";

    /// <summary>The output projection's bias.</summary>
    public const string OutputBias = "decoder_ff_logit_out_b";

    /// <summary>
    /// The names of a parameter of a layer, or of a stack's last normalization: one, or three for queries, keys and
    /// values.
    /// </summary>
    /// <param name="name">Our name.</param>
    /// <param name="isPreLn">Whether normalizations come before their sublayers: they are called otherwise.</param>
    /// <exception cref="ArgumentException">Marian has no such parameter.</exception>
    public static IReadOnlyList<string> OfParameter(string name, bool isPreLn)
    {
        if (SublayerAddress.OfPath(name) is not { } sublayer)
        {
            return name.Split('.') is [var stack, "norm", var norm] && SublayerWords.StackOf(stack) is { } known
                ? [$"{known.Word()}_top_ln_{NormWord(norm)}"]
                : throw Unknown(name);
        }

        var layer = string.Create(CultureInfo.InvariantCulture, $"{sublayer.Stack.Word()}_l{sublayer.Layer + 1}");
        var (prefix, norms) = sublayer.Kind switch
        {
            SublayerKind.SelfAttention => ($"{layer}_self", $"{layer}_self_Wo"),
            SublayerKind.CrossAttention => ($"{layer}_context", $"{layer}_context_Wo"),
            _ => ($"{layer}_ffn", $"{layer}_ffn_ffn"),
        };
        return name.Split('.')[4..] switch
        {
            ["branch", "input_projection", var kind] => [.. "qkv".Select(part => $"{prefix}_{Letter(kind)}{part}")],
            ["branch", "output_projection", var kind] => [$"{prefix}_{Letter(kind)}o"],
            ["branch", "inner", var kind] => [$"{prefix}_{Letter(kind)}1"],
            ["branch", "outer", var kind] => [$"{prefix}_{Letter(kind)}2"],
            ["residual", "norm", var kind] => [$"{norms}_ln_{NormWord(kind)}{(isPreLn ? "_pre" : "")}"],
            _ => throw Unknown(name),
        };
    }

    private static string Letter(string kind) => kind == "weight" ? "W" : "b";

    private static string NormWord(string kind) => kind == "weight" ? "scale" : "bias";

    private static ArgumentException Unknown(string name) => new($"'{name}' has no name in Marian.", nameof(name));
}
