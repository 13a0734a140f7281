using TransformerClinic.Reports.Charts;

namespace TransformerClinic.Reports;

/// <summary>The runs of one variant, which differ in their seed, and the colour they have in every figure.</summary>
internal sealed record VariantRuns(string Name, string Color, bool Dashed, IReadOnlyList<ReportedRun> Runs)
{
    /// <summary>Scores of the runs that have one.</summary>
    public IReadOnlyList<double> Bleus { get; } =
    [.. Runs.Where(run => run.Bleu is { } bleu && double.IsFinite(bleu)).Select(run => run.Bleu!.Value)];

    /// <summary>Final validation losses of the runs that trained.</summary>
    public IReadOnlyList<double> Nlls { get; } =
    [
        .. Runs.Where(run => run.FailedBecause is null && run.ValidNll is { } nll && double.IsFinite(nll))
            .Select(run => run.ValidNll!.Value),
    ];

    /// <summary>How many runs failed to train.</summary>
    public int Failed { get; } = Runs.Count(run => run.FailedBecause is not null);

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
