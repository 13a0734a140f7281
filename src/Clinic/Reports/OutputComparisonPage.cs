using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Pages.Elements;
using TransformerClinic.Pages.Reports;
using TransformerClinic.Reports.Figures;
using TransformerClinic.Scoring.Significance;
using TransformerClinic.Scoring.Systems;

namespace TransformerClinic.Reports;

/// <summary>
/// The page of two systems' translations: how they score, where they differ, and the sentences that show it.
/// </summary>
internal static class OutputComparisonPage
{
    private const double Significant = 0.05;

    /// <summary>The page as one HTML document that loads nothing; the same comparison gives the same bytes.</summary>
    public static string Render(OutputComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        return PageRenderer.Render<Pages.Reports.OutputComparisonPage, OutputComparisonView>(
            $"{comparison.First} and {comparison.Second}: outputs compared",
            View(comparison)
        );
    }

    /// <summary>What the page shows.</summary>
    public static OutputComparisonView View(OutputComparison comparison) =>
        new()
        {
            First = comparison.First,
            Second = comparison.Second,
            Sentences = Numbers.Count(comparison.Lines),
            Verdict = new VerdictView(
                Verdict(comparison.First, comparison.FirstScores[0], comparison.Second, comparison.SecondScores[0])
            )
            {
                Details = [Counts(comparison)],
            },
            Scores = Scores(comparison),
            Signatures = [.. comparison.FirstScores.Select(score => (score.Metric, score.Signature))],
            LengthFigures = BucketFigure.OfLengths(comparison) is { } byLength ? [byLength] : [],
            Lengths = Lengths(comparison),
            FrequencyFigures = BucketFigure.OfFrequencies(comparison) is { } byFrequency ? [byFrequency] : [],
            Frequencies = Frequencies(comparison),
            Gains = [.. comparison.Gains.Select(change => Sentence(comparison, change))],
            Losses = [.. comparison.Losses.Select(change => Sentence(comparison, change))],
        };

    private static string Counts(OutputComparison comparison) =>
        $"Of the {Numbers.Count(comparison.Lines)} sentences {comparison.Second} translates "
        + $"{Numbers.Count(comparison.Better)} better and {Numbers.Count(comparison.Worse)} worse by "
        + $"{comparison.SentenceMetric}; {Numbers.Count(comparison.Identical)} are the same letter by letter.";

    private static string Verdict(string first, SystemScore a, string second, SystemScore b)
    {
        var difference = b.Score - a.Score;
        var chance =
            b.PValue < Significant
                ? "chance alone would seldom make so large a difference"
                : "chance alone could make such a difference";
        return difference == 0
            ? $"{second} and {first} have the same {a.Metric}, {Numbers.Bleu(a.Score)}."
            : $"{second} has {Numbers.Bleu(Math.Abs(difference))} {a.Metric} {(difference > 0 ? "more" : "less")} "
                + $"than {first}: {chance} (p = {Numbers.PValue(b.PValue)}).";
    }

    private static TableView Scores(OutputComparison comparison) =>
        new(
            "Scores of both systems",
            ["score", comparison.First, comparison.Second, "difference", "p"],
            [
                .. comparison.FirstScores.Zip(
                    comparison.SecondScores,
                    (a, b) =>
                        (CellView[])
                            [a.Metric, Interval(a), Interval(b), Signed(b.Score - a.Score), Numbers.PValue(b.PValue)]
                ),
            ]
        )
        {
            Note = "In brackets: half the width of the 95 % confidence interval.",
        };

    private static TableView Lengths(OutputComparison comparison) =>
        new(
            "Scores by length of sentence",
            [
                "words of the source",
                "sentences",
                .. comparison.FirstScores.SelectMany(score =>
                    (string[])
                        [$"{score.Metric}, {comparison.First}", $"{score.Metric}, {comparison.Second}", "difference"]
                ),
            ],
            [
                .. comparison.ByLength.Select(bucket =>
                    (CellView[])[bucket.Words, Numbers.Count(bucket.Sentences), .. bucket.Scores.SelectMany(Cells)]
                ),
            ]
        );

    private static TableView Frequencies(OutputComparison comparison) =>
        new(
            "F1 of words by frequency",
            [
                "frequency of the word",
                "words of the references",
                $"F1, {comparison.First}",
                $"F1, {comparison.Second}",
                "difference",
            ],
            [
                .. comparison.ByFrequency.Select(bucket =>
                    (CellView[])[bucket.Frequency, Numbers.Count(bucket.ReferenceWords), .. Cells(bucket.F1)]
                ),
            ]
        );

    private static string[] Cells(ScorePair scores) =>
        [Numbers.Bleu(scores.First), Numbers.Bleu(scores.Second), Signed(scores.Difference)];

    private static SampleView Sentence(OutputComparison comparison, SentenceChange change) =>
        new([
            new(
                $"line {change.Line}",
                $"{change.Scores.Metric} {Numbers.Bleu(change.Scores.First)} and "
                    + $"{Numbers.Bleu(change.Scores.Second)}, {Signed(change.Scores.Difference)}"
            ),
            new("source", change.Source),
            new("reference", change.Reference),
            new(comparison.First, change.First),
            new(comparison.Second, change.Second, IsTranslation: true),
        ]);

    private static string Interval(SystemScore score) =>
        score.Interval is { } width
            ? $"{Numbers.Bleu(score.Score)} (± {Numbers.Bleu(width)})"
            : Numbers.Bleu(score.Score);

    private static string Signed(double difference) =>
        difference.ToString("+0.00;−0.00;0.00", CultureInfo.InvariantCulture);
}
