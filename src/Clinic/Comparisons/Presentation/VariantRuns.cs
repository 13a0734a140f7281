using TransformerClinic.Reports.Charts;

namespace TransformerClinic.Comparisons.Presentation;

/// <summary>The runs of one variant, which differ in their seed, and the color they have in every figure.</summary>
internal sealed record VariantRuns(string Name, string Color, bool Dashed, IReadOnlyList<ReportedRun> Runs)
{
    // As many as have a color and a style of line of their own.
    private const int Colored = 12;

    /// <summary>Whether it has a color of its own.</summary>
    public bool IsColored => Color != Palette.Grey;

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

    /// <summary>
    /// Runs grouped by variant, in the order of the ranking; from the thirteenth on, all are gray.
    /// </summary>
    public static IReadOnlyList<VariantRuns> Group(ComparisonReport report) =>
        [
            .. report
                .Ranking.Select(ranked =>
                    report.Runs.Where(run => run.Run.Candidate.Key == ranked.Candidate.Key).ToList()
                )
                .Where(runs => runs.Count > 0)
                .Select(
                    (runs, index) =>
                    {
                        var (color, dashed) = index < Colored ? Palette.OfVariant(index) : (Palette.Grey, false);
                        return new VariantRuns(runs[0].Variant, color, dashed, runs);
                    }
                ),
        ];
}
