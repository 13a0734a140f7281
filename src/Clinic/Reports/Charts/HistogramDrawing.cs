using System.Globalization;
using System.Text;
using ScottPlot;
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
    protected override void Draw(Plot plot)
    {
        var bins = Histograms[0].Bins;
        var width = 0.9 / Histograms.Count;
        foreach (var (k, histogram) in Histograms.Index())
        {
            var color = Color.FromHex(Palette.OfVariant(k).Color);
            Bar[] drawn =
            [
                .. histogram
                    .Bins.Index()
                    .Select(bin => new Bar
                    {
                        Position = bin.Index + 0.05 + ((k + 0.5) * width),
                        Value = bin.Item.Count,
                        Size = width,
                        FillColor = color,
                        LineWidth = 0,
                    }),
            ];
            var bars = plot.Add.Bars(drawn);
            bars.LegendText = histogram.Name;
        }

        int[] decades =
        [
            .. Enumerable.Range(0, bins.Count + 1).Where(i => IsDecade(i < bins.Count ? bins[i].From : bins[^1].To)),
        ];
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericManual(
            [.. decades.Select(i => (double)i)],
            [.. decades.Select(i => Numbers.ThreeDigits(i < bins.Count ? bins[i].From : bins[^1].To))]
        );
        var y = Axis.Around(
            Histograms.SelectMany(histogram => histogram.Bins).Select(bin => (double)bin.Count),
            fromZero: true,
            least: 1
        );
        plot.Axes.Left.TickGenerator = Ticks(y);
        plot.Axes.SetLimits(0, bins.Count, 0, y.Max);
        plot.XLabel(XLabel);
        plot.YLabel(YLabel);
        plot.ShowLegend(Edge.Bottom);
    }

    private static bool IsDecade(double bound) => Math.Abs(Math.Log10(bound) - Math.Round(Math.Log10(bound))) < 1e-9;
}
