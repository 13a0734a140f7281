using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using TransformerClinic.Pages.Elements;

namespace TransformerClinic.Reports.Diagnoses;

/// <summary>
/// What was measured along the depth of each stack, as a table of the page and as comma-separated values.
/// </summary>
internal static class DepthTable
{
    /// <summary>The file of comma-separated values.</summary>
    public const string Name = "measured-depth.csv";

    /// <summary>Its first line.</summary>
    public const string Header =
        "seed,stack,layer,sublayer,similarity,shortcutVariance,branchVariance,outputVariance,gradient,"
        + "gradientThroughShortcuts,removalDamage";

    /// <summary>Its lines: a sublayer of a model each.</summary>
    public static IEnumerable<string> Lines(DiagnosisResults results)
    {
        var damages = results.Removals.ToDictionary(removal => removal.Place, removal => removal.Damage);
        foreach (var found in results.Examinations)
        {
            foreach (
                var ((similarity, variance), gradient) in found
                    .Similarities.Zip(found.Variances)
                    .Zip(found.ShortcutGradients)
            )
            {
                var damage = damages.TryGetValue(similarity.Place, out var known)
                    ? known.ToString("R", CultureInfo.InvariantCulture)
                    : "";
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{found.Seed},{DiagnosisTables.Place(similarity.Place)},{similarity.Value:R},{
                        variance.Shortcut:R},{variance.Branch:R},{variance.Output:R},{gradient.Norm:R},{
                        gradient.ThroughShortcuts:R},{damage}"
                );
            }
        }
    }

    /// <summary>The first and the last sublayer of each stack, and what spikes the run's log has.</summary>
    public static TableView View(DiagnosisResults results) =>
        new(
            "Along the depth",
            ["quantity", StackName.Encoder.Word(), StackName.Decoder.Word()],
            [
                Row("mean cosine of two tokens, first and last", results, depth => Ends(depth.Similarity)),
                Row("variance of the state, first and last", results, depth => Ends(depth.Variance)),
                Row("branch's variance over the shortcut's, first and last", results, depth => Ends(depth.BranchShare)),
                Row("gradient at the first over that at the last", results, depth => First(depth.GradientKept)),
                Row("the same through only the shortcuts", results, depth => First(depth.GradientThroughShortcuts)),
                .. results.Removals.Count == 0
                    ? []
                    : new CellView[][]
                    {
                        Row("dearest sublayer, in nats per token", results, depth => Digits(depth.RemovalDamage.Max())),
                    },
                .. results.Spikes is not { } spikes
                    ? []
                    : new CellView[][]
                    {
                        [
                            "spikes of the log: loss, gradient norm",
                            $"{Numbers.Fixed(100 * spikes.Loss, 1)} %",
                            $"{Numbers.Fixed(100 * spikes.GradientNorm, 1)} %",
                        ],
                    },
            ]
        );

    private static CellView[] Row(string what, DiagnosisResults results, Func<DepthFindings, string> value) =>
        [
            what,
            .. new[] { results.Encoder, results.Decoder }.Select(stack =>
                (CellView)(stack.Depth is { } depth ? value(depth) : Numbers.Missing)
            ),
        ];

    private static string Ends(IReadOnlyList<double?> values) => $"{Digits(values[0])}, {Digits(values[^1])}";

    private static string First(IReadOnlyList<double?> values) => Digits(values[0]);

    private static string Digits(double? value) => value is { } known ? Numbers.ThreeDigits(known) : Numbers.Missing;
}
