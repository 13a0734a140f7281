using TransformerClinic.Common;
using TransformerClinic.Comparisons.Statistics;
using TransformerClinic.Pages.Elements;
using TransformerClinic.Reports.Charts;

namespace TransformerClinic.Comparisons.Presentation;

/// <summary>The ranking as a drawing: a dot for each seed, a bar for the mean's interval.</summary>
internal static class RankingFigure
{
    private const int RowHeight = 46;

    /// <summary>The figure, or null if nothing trained.</summary>
    public static FigureView? Of(IReadOnlyList<RankedCandidate> ranking, IReadOnlyList<VariantRuns> variants)
    {
        var shown = ranking.Where(one => one.Trained).ToList();
        if (shown.Count == 0)
        {
            return null;
        }

        var x = Axis.Around(shown.SelectMany(one => Values(one)));
        var chart = new Chart(
            x,
            new Axis(-0.5, shown.Count - 0.5, []),
            "validation loss in nats per token",
            "",
            height: 70 + (shown.Count * RowHeight)
        );
        foreach (var (i, one) in shown.Index())
        {
            Draw(chart, one, variants.First(variant => variant.Name == one.Candidate.Name).Color, shown.Count - 1 - i);
        }

        return Figure.View(
            "ranking-loss",
            "Validation loss, the best first",
            "Farther left is better. Dots are seeds; a bar is the 95 % interval of the mean (Student's t), which two "
                + "seeds or more have. A bar that covers the best one's mean says that the difference may be chance.",
            [],
            chart,
            "Intervals of validation losses. "
                + string.Join(" ", shown.Select(one => $"{one.Candidate.Name}: {Words(one.Nll!)}.")),
            RankingTables.Intervals(shown)
        );
    }

    private static IEnumerable<double> Values(RankedCandidate one) =>
        [.. Ranking.Nlls(one.Runs), one.Nll!.Low ?? one.Nll.Mean, one.Nll.High ?? one.Nll.Mean];

    private static string Words(MeanInterval nll) =>
        nll.HalfWidth is { } half
            ? $"{Numbers.Loss(nll.Mean)} plus or minus {Numbers.Loss(half)}"
            : Numbers.Loss(nll.Mean);

    private static void Draw(Chart chart, RankedCandidate one, string color, int place)
    {
        var (above, below) = (place + 0.22, place - 0.2);
        chart.Text(above, one.Candidate.Name.Length <= 36 ? one.Candidate.Name : $"{one.Candidate.Name[..35]}…");
        chart.Text(above, Numbers.Loss(one.Nll!.Mean), right: true);
        if (one.Nll is { Low: { } low, High: { } high })
        {
            chart.Cell(low, high, below - 0.14, below + 0.14, color, opacity: 0.4);
        }

        chart.Points([.. Ranking.Nlls(one.Runs).Select(nll => (nll, below))], Palette.Ink, 6);
    }
}
