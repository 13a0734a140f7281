using System.Globalization;
using System.Text;
using TransformerClinic.Diagnosis;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Recipes;

namespace TransformerClinic.Reports.Diagnoses;

/// <summary>All that a diagnosis measured as comma-separated values, seed by seed.</summary>
internal static class DiagnosisTables
{
    private const string DriftName = "measured-drift.csv";
    private const string UpdatesName = "measured-updates.csv";

    /// <summary>Names of the tables that not every diagnosis has.</summary>
    public static IReadOnlyList<string> Optional { get; } = [DriftName, UpdatesName];

    /// <summary>The tables by their files' names.</summary>
    public static IEnumerable<(string Name, string Csv)> Of(DiagnosisResults results)
    {
        yield return (
            "measured-dependency.csv",
            Table(
                "seed,stack,i,j,beta",
                results.Examinations.SelectMany(found =>
                    Stacks(found.Dependency)
                        .SelectMany(stack =>
                            stack
                                .Beta.Index()
                                .SelectMany(row =>
                                    row.Item.Index()
                                        .Select(cell =>
                                            Line($"{found.Seed},{stack.Stack},{row.Index},{cell.Index},{cell.Item:R}")
                                        )
                                )
                        )
                )
            )
        );
        yield return (
            "measured-output-change.csv",
            Table(
                "seed,perturbation,stack,n,change",
                results.Examinations.SelectMany(found =>
                    found
                        .ByRandomSigns.Index()
                        .Select(change => (Name: Line($"random {change.Index + 1}"), change.Item))
                        .Append((Name: "gradient", found.ByGradientSigns))
                        .SelectMany(change =>
                            new[] { change.Item2.Encoder, change.Item2.Decoder }.SelectMany(stack =>
                                stack.Changes.Select(
                                    (value, i) => Line($"{found.Seed},{change.Name},{stack.Stack},{i + 1},{value:R}")
                                )
                            )
                        )
                )
            )
        );
        yield return (
            "measured-sublayer-gradients.csv",
            Table(
                "seed,stack,layer,sublayer,norm",
                results.Examinations.SelectMany(found =>
                    found.Gradients.Sublayers.Select(gradient =>
                        Line($"{found.Seed},{Place(gradient.Place)},{gradient.Norm:R}")
                    )
                )
            )
        );
        yield return (
            "measured-parameter-gradients.csv",
            Table(
                "seed,parameter,group,norm,elements",
                results.Examinations.SelectMany(found => Norms(Line($"{found.Seed},"), found.Gradients.Parameters))
            )
        );
        yield return (
            "measured-activity.csv",
            Table(
                "seed,stack,layer,sublayer,shortcut,branch,output,largest,entropy,relativeEntropy,deadShare,"
                    + "activeShare",
                results.Examinations.SelectMany(found =>
                    found.Activity.Sublayers.Select(sublayer =>
                        Line(
                            $"{found.Seed},{Place(sublayer.Place)},{sublayer.ShortcutRms:R},{
                                sublayer.BranchRms:R},{sublayer.OutputRms:R},{sublayer.OutputMax:R},{
                                sublayer.Attention?.Entropy:R},{sublayer.Attention?.RelativeEntropy:R},{
                                sublayer.FeedForward?.DeadShare:R},{sublayer.FeedForward?.ActiveShare:R}"
                        )
                    )
                )
            )
        );
        yield return (DepthTable.Name, Table(DepthTable.Header, DepthTable.Lines(results)));
        if (results.FirstUpdates is { } updates)
        {
            yield return (
                DriftName,
                Table(
                    "update,loss,learningRate,stack,n,change",
                    updates.Measurements.SelectMany(found =>
                        found.Drift.SelectMany(stack =>
                            stack.Value.Select(
                                (value, i) =>
                                    Line(
                                        $"{found.Update},{found.Loss:R},{found.LearningRate:R},{stack.Key},{
                                            i + 1},{value:R}"
                                    )
                            )
                        )
                    )
                )
            );
            yield return (UpdatesName, Table("parameter,group,norm,elements", Norms("", updates.Changes)));
        }
    }

    private static StackDependency[] Stacks(ResidualDependency dependency) => [dependency.Encoder, dependency.Decoder];

    private static IEnumerable<string> Norms(string before, IEnumerable<ParameterNorm> parameters) =>
        parameters.Select(parameter =>
            Line(
                $"{before}{parameter.Name},{RecipeKey.Format(parameter.Group)},{parameter.Norm:R},{parameter.Elements}"
            )
        );

    internal static string Place(SublayerPlace place) => Line($"{place.Stack},{place.Layer + 1},{place.Name}");

    private static string Table(string header, IEnumerable<string> lines) =>
        new StringBuilder(header).Append('\n').AppendJoin('\n', lines).Append('\n').ToString();

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
