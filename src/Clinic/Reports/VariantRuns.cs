using TransformerClinic.Reports.Charts;

namespace TransformerClinic.Reports;

/// <summary>The runs of one variant, which differ in their seed, and the color they have in every figure.</summary>
internal sealed record VariantRuns(string Name, string Color, bool Dashed, IReadOnlyList<ReportedRun> Runs)
{
    /// <summary>Scores of the runs that have one.</summary>
    public IReadOnlyList<double> Bleus { get; } =
    [.. Runs.Select(run => run.Results.Bleu).OfType<double>().Where(double.IsFinite)];

    /// <summary>Final validation losses of the runs that trained.</summary>
    public IReadOnlyList<double> Nlls { get; } =
    [
        .. Runs.Where(run => !run.Results.Failed)
            .Select(run => run.Results.ValidationNll)
            .OfType<double>()
            .Where(double.IsFinite),
    ];

    /// <summary>How many runs failed to train.</summary>
    public int Failed { get; } = Runs.Count(run => run.Results.Failed);

    /// <summary>Runs grouped by variant, in the order in which variants first appear.</summary>
    public static IReadOnlyList<VariantRuns> Group(IReadOnlyList<ReportedRun> runs) =>
        [
            .. runs.GroupBy(run => run.Variant, StringComparer.Ordinal)
                .Select(
                    (group, index) =>
                    {
                        var (color, dashed) = Palette.OfVariant(index);
                        return new VariantRuns(group.Key, color, dashed, [.. group]);
                    }
                ),
        ];
}
