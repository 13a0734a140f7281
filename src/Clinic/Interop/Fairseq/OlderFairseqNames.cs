using System.Text.RegularExpressions;
using TransformerClinic.Model;

namespace TransformerClinic.Interop.Fairseq;

/// <summary>
/// The names that versions of fairseq have for the same tensor, each brought to the one that
/// <see cref="FairseqNames"/> has.
/// </summary>
internal static partial class OlderFairseqNames
{
    /// <summary>
    /// The name of a stored tensor: without the wrappers of distributed training, norms that are only numbered
    /// (<c>layer_norms.0</c>) by their names, queries, keys and values that are modules of their own
    /// (<c>q_proj.weight</c>) like those that are not, and the output projection like the older <c>embed_out</c>.
    /// </summary>
    public static string Current(string stored)
    {
        var name = Wrapper().Replace(stored, "");
        name = NumberedNorm().Replace(name, match => $"{match.Groups[1]}{Norm(match)}{match.Groups[4]}");
        name = SeparateProjection().Replace(name, "$1_proj_$2");
        return name == "decoder.output_projection.weight" ? FairseqNames.OutputProjection : name;
    }

    private static string Norm(Match match) =>
        (match.Groups[2].Value, match.Groups[3].Value) switch
        {
            (_, "0") => "self_attn_layer_norm",
            (var stack, "1") when stack == StackName.Decoder.Word() => "encoder_attn_layer_norm",
            _ => "final_layer_norm",
        };

    [GeneratedRegex(@"(?<=^|\.)module\.")]
    private static partial Regex Wrapper();

    [GeneratedRegex(@"^((encoder|decoder)\.layers\.[0-9]+\.)layer_norms\.([012])(\.(?:weight|bias))$")]
    private static partial Regex NumberedNorm();

    [GeneratedRegex(@"(?<=_attn\.)([qkv])_proj\.(weight|bias)$")]
    private static partial Regex SeparateProjection();
}
