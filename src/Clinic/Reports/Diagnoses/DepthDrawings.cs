using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using TransformerClinic.Reports.Charts;

namespace TransformerClinic.Reports.Diagnoses;

/// <summary>The figures of what happens along the depth of each stack.</summary>
internal static class DepthDrawings
{
    /// <summary>The figure that only trained models have.</summary>
    public const string RemovalName = "sublayer-removal";

    private const string Sublayers = "sublayer, from input to output";

    /// <summary>All that there is data for.</summary>
    public static IEnumerable<Drawing> Of(DiagnosisResults results)
    {
        yield return Lines(
            results,
            "token-similarity",
            "Token similarity",
            "Mean cosine of two tokens of a sentence after each sublayer. At 1 all tokens are one direction and "
                + "attention has nothing left to choose from: rank collapse.",
            "mean cosine",
            depth => depth.Similarity
        );
        yield return Lines(
            results,
            "state-variance",
            "Variance of states and share of branches",
            "Variance over a token's channels of what sublayers hand on; thin, that of the branch over that of its "
                + "shortcut. A share that does not fall with depth leans on its newest branch.",
            "variance",
            depth => depth.Variance,
            depth => depth.BranchShare,
            "branch over shortcut"
        ) with
        {
            LogarithmicY = true,
        };
        yield return Lines(
            results,
            "shortcut-gradients",
            "True gradient and product of shortcut Jacobians",
            "Gradient at each sublayer's output over that at the stack's output; thin, what only the shortcuts would "
                + "leave of it. Where the two differ, branches carry the gradient.",
            "over that at the output",
            depth => depth.GradientKept,
            depth => depth.GradientThroughShortcuts,
            "only shortcuts"
        ) with
        {
            LogarithmicY = true,
        };
        if (results.Removals.Count > 0)
        {
            yield return Lines(
                results,
                RemovalName,
                "Damage by removing a sublayer",
                "How much the loss rises when the sublayer is replaced by its shortcut. Sublayers near 0 do nothing "
                    + "that counts.",
                "nats per token",
                depth => depth.RemovalDamage
            );
        }
    }

    private static LineDrawing Lines(
        DiagnosisResults results,
        string name,
        string title,
        string reading,
        string y,
        Func<DepthFindings, IReadOnlyList<double?>> values,
        Func<DepthFindings, IReadOnlyList<double?>>? compared = null,
        string comparedName = ""
    ) =>
        new(
            name,
            title,
            reading,
            Sublayers,
            y,
            [
                .. from entry in new[] { results.Encoder, results.Decoder }.Index()
                let depth = entry.Item.Depth
                where depth is not null
                let word = entry.Item.Stack.Word()
                from line in compared is null
                    ? new[] { Line(word, values(depth), entry.Index) }
                    :
                    [
                        Line(word, values(depth), entry.Index),
                        Line($"{word}: {comparedName}", compared(depth), entry.Index) with
                        {
                            Thin = true,
                        },
                    ]
                select line,
            ]
        );

    private static LineSeries Line(string name, IReadOnlyList<double?> values, int color) =>
        new(name, [.. values.Select((value, i) => (i + 1.0, value ?? double.NaN))], color);
}
