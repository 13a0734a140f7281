using TransformerClinic.Common;
using TransformerClinic.Pages.Elements;
using TransformerClinic.Reports.Charts;
using TransformerClinic.Scoring.Systems;

namespace TransformerClinic.Reports.Figures;

/// <summary>The scores of two systems bucket by bucket, a line each.</summary>
internal static class BucketFigure
{
    /// <summary>By the number of words of the source, or null if all sentences are in one bucket.</summary>
    public static FigureView? OfLengths(OutputComparison comparison) =>
        Of(
            comparison,
            "by-length",
            $"{comparison.FirstScores[0].Metric} by length",
            "words of the source",
            [.. comparison.ByLength.Select(bucket => (bucket.Words, bucket.Scores[0]))]
        );

    /// <summary>By the frequency of words, or null if all words are in one bucket.</summary>
    public static FigureView? OfFrequencies(OutputComparison comparison) =>
        Of(
            comparison,
            "by-frequency",
            "F1 of words by frequency",
            "frequency of the word",
            [.. comparison.ByFrequency.Select(bucket => (bucket.Frequency, bucket.F1))]
        );

    // Up to eight labels share the axis: of a bucket that is not the last, "100-999", the lower bound says enough
    // there.
    private static string Shorten(string bucket, int buckets) =>
        bucket.EndsWith(" or more", StringComparison.Ordinal)
            ? bucket.Replace(" or more", "+", StringComparison.Ordinal)
        : buckets > 6 && bucket.IndexOf('-', StringComparison.Ordinal) is > 0 and var end ? $"{bucket[..end]}+"
        : bucket;

    private static FigureView? Of(
        OutputComparison comparison,
        string id,
        string title,
        string xLabel,
        IReadOnlyList<(string Bucket, ScorePair Scores)> buckets
    )
    {
        if (buckets.Count < 2)
        {
            return null;
        }

        var metric = buckets[0].Scores.Metric;
        var x = new Axis(
            -0.5,
            buckets.Count - 0.5,
            [.. buckets.Index().Select(entry => ((double)entry.Index, Shorten(entry.Item.Bucket, buckets.Count)))]
        );
        var chart = new Chart(
            x,
            Axis.Around(buckets.SelectMany(bucket => (double[])[bucket.Scores.First, bucket.Scores.Second])),
            xLabel,
            metric
        );
        Draw(chart, [.. buckets.Index().Select(entry => ((double)entry.Index, entry.Item.Scores.First))], Palette.Blue);
        Draw(
            chart,
            [.. buckets.Index().Select(entry => ((double)entry.Index, entry.Item.Scores.Second))],
            Palette.Vermilion
        );
        return Figure.View(
            id,
            title,
            "A bucket with few sentences or words says little: their numbers are in the table.",
            [
                new LegendEntry(comparison.First, Palette.Blue, Swatch.Line),
                new LegendEntry(comparison.Second, Palette.Vermilion, Swatch.Line),
            ],
            chart,
            $"Line chart of {metric} over {xLabel}. "
                + string.Join(
                    " ",
                    buckets.Select(bucket =>
                        $"{bucket.Bucket}: {Numbers.Bleu(bucket.Scores.First)} and "
                        + $"{Numbers.Bleu(bucket.Scores.Second)}."
                    )
                ),
            [
                new TableView(
                    title,
                    [xLabel, comparison.First, comparison.Second],
                    [
                        .. buckets.Select(bucket =>
                            (CellView[])
                                [bucket.Bucket, Numbers.Bleu(bucket.Scores.First), Numbers.Bleu(bucket.Scores.Second)]
                        ),
                    ]
                ),
            ]
        );
    }

    private static void Draw(Chart chart, IReadOnlyList<(double X, double Y)> points, string color)
    {
        chart.Line(points, color, 2.5);
        chart.Points(points, color, 7);
    }
}
