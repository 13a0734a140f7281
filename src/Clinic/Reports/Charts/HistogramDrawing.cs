using System.Globalization;
using System.Text;
using TransformerClinic.Common;
using TransformerClinic.Diagnosis;

namespace TransformerClinic.Reports.Charts;

/// <summary>One histogram of several that share their bins.</summary>
/// <param name="Name">What was counted.</param>
/// <param name="Bins">The bins.</param>
internal sealed record HistogramSeries(string Name, IReadOnlyList<HistogramBin> Bins);

/// <summary>Histograms over bins of equal width in log10, side by side.</summary>
/// <param name="Name">The files' name without ending.</param>
/// <param name="Title">What is shown.</param>
/// <param name="Reading">What to look for.</param>
/// <param name="XLabel">What was measured.</param>
/// <param name="YLabel">What was counted.</param>
/// <param name="Histograms">The histograms; all have the same bins.</param>
internal sealed record HistogramDrawing(
    string Name,
    string Title,
    string Reading,
    string XLabel,
    string YLabel,
    IReadOnlyList<HistogramSeries> Histograms
) : Drawing(Name, Title, Reading)
{
    /// <inheritdoc/>
    public override string Csv()
    {
        var csv = new StringBuilder("series,from,to,count\n");
        foreach (var histogram in Histograms)
        {
            foreach (var bin in histogram.Bins)
            {
                csv.Append(
                    CultureInfo.InvariantCulture,
                    $"\"{histogram.Name}\",{bin.From:g4},{bin.To:g4},{bin.Count}\n"
                );
            }
        }

        return csv.ToString();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LegendEntry> Legend =>
        [.. Histograms.Select((histogram, k) => new LegendEntry(histogram.Name, ColorOf(k), Swatch.Bar))];

    /// <inheritdoc/>
    public override Chart Chart()
    {
        var bins = Histograms[0].Bins;
        double Bound(int i) => i < bins.Count ? bins[i].From : bins[^1].To;
        var decades = Enumerable.Range(0, bins.Count + 1).Where(i => IsDecade(Bound(i)));
        var counts = Axis.Around(
            Histograms.SelectMany(histogram => histogram.Bins).Select(bin => (double)bin.Count),
            fromZero: true,
            least: 1
        );
        var chart = new Chart(
            new Axis(0, bins.Count, [.. decades.Select(i => ((double)i, Numbers.ThreeDigits(Bound(i))))]),
            counts,
            XLabel,
            YLabel
        );
        var width = 0.9 / Histograms.Count;
        foreach (var (k, histogram) in Histograms.Index())
        {
            foreach (var (i, bin) in histogram.Bins.Index())
            {
                var left = i + 0.05 + (k * width);
                chart.Cell(left, left + width, 0, bin.Count, ColorOf(k));
            }
        }

        return chart;
    }

    private static string ColorOf(int histogram) => Palette.OfVariant(histogram).Color;

    private static bool IsDecade(double bound) => Math.Abs(Math.Log10(bound) - Math.Round(Math.Log10(bound))) < 1e-9;
}
