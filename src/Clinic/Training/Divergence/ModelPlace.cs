using System.Globalization;
using System.Text.RegularExpressions;

namespace TransformerClinic.Training.Divergence;

/// <summary>
/// The words for a place in the model: <c>encoder layer 3, feed-forward</c> for
/// <c>encoder.layers.2.feed_forward.branch.inner.weight</c>.
/// </summary>
internal static partial class ModelPlace
{
    /// <summary>The sublayer that a parameter belongs to, or what else it belongs to.</summary>
    public static string OfParameter(string name) =>
        Sublayer().Match(name) is { Success: true } match
            ? Of(
                match.Groups["stack"].Value,
                int.Parse(match.Groups["layer"].ValueSpan, CultureInfo.InvariantCulture),
                match.Groups["sublayer"].Value.Replace('_', '-')
            )
            : name.Split('.') switch
            {
                ["embeddings", "shared"] => "the embeddings",
                ["embeddings", "output"] => "the output projection",
                ["embeddings", var side] => $"the {side} embeddings",
                [var stack, "norm", _] => $"the {stack}'s last normalisation",
                [var stack, "input_scale"] => $"the {stack}'s input scale",
                _ => name,
            };

    /// <summary>A sublayer by its stack, the number of its layer from 0, and its name.</summary>
    public static string Of(string stack, int layer, string sublayer) =>
        string.Create(CultureInfo.InvariantCulture, $"{stack} layer {layer + 1}, {sublayer}");

    [GeneratedRegex(@"\A(?<stack>\w+)\.layers\.(?<layer>\d+)\.(?<sublayer>\w+)\.")]
    private static partial Regex Sublayer();
}
