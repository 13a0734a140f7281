using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Reports.Figures;
using TransformerClinic.Reports.Markup;
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
        return Page.Render(
            $"{comparison.First} and {comparison.Second}: outputs compared",
            [
                Summary(comparison),
                Page.Section("scores", "Scores", "", [Scores(comparison)]),
                Page.Section(
                    "length",
                    "By length of sentence",
                    "Sentences are put together by the number of words of their source.",
                    [Page.Figures([BucketFigure.OfLengths(comparison)]), Lengths(comparison).Render()]
                ),
                Page.Section(
                    "frequency",
                    "By frequency of word",
                    "How well words are translated that occur so often: the F1 of a system's words against its "
                        + "references', line by line.",
                    [Page.Figures([BucketFigure.OfFrequencies(comparison)]), Frequencies(comparison).Render()]
                ),
                Page.Section(
                    "gains",
                    "Largest gains",
                    $"Where {comparison.Second} is better than {comparison.First}.",
                    comparison.Gains.Select(change => Sentence(comparison, change))
                ),
                Page.Section(
                    "losses",
                    "Largest losses",
                    $"Where {comparison.Second} is worse than {comparison.First}.",
                    comparison.Losses.Select(change => Sentence(comparison, change))
                ),
            ]
        );
    }

    private static Html Summary(OutputComparison comparison) =>
        Html.Of(
            $"""
            <header>
            <p class="kind">Outputs compared · {Numbers.Count(comparison.Lines)} sentences</p>
            <h1>{comparison.First} and {comparison.Second}</h1>
            <p class="verdict">{Verdict(
                comparison.First,
                comparison.FirstScores[0],
                comparison.Second,
                comparison.SecondScores[0]
            )}</p>
            <p>Of the {Numbers.Count(comparison.Lines)} sentences {comparison.Second} translates {Numbers.Count(
                comparison.Better
            )} better and {Numbers.Count(comparison.Worse)} worse by {comparison.SentenceMetric}; {Numbers.Count(
                comparison.Identical
            )} are the same letter by letter.</p>
            </header>
            """
        );

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

    private static Html Scores(OutputComparison comparison) =>
        Html.Join([
            new Table(
                ["score", comparison.First, comparison.Second, "difference", "p"],
                [
                    .. comparison.FirstScores.Zip(
                        comparison.SecondScores,
                        (a, b) =>
                            (string[])
                                [
                                    a.Metric,
                                    Interval(a),
                                    Interval(b),
                                    Signed(b.Score - a.Score),
                                    Numbers.PValue(b.PValue),
                                ]
                    ),
                ],
                "In brackets: half the width of the 95 % confidence interval."
            ).Render(),
            .. comparison.FirstScores.Select(score =>
                Html.Of($"""<p class="note signature">{score.Metric} signature: <code>{score.Signature}</code></p>""")
            ),
        ]);

    private static Table Lengths(OutputComparison comparison) =>
        new(
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
                    (string[])[bucket.Words, Numbers.Count(bucket.Sentences), .. bucket.Scores.SelectMany(Cells)]
                ),
            ]
        );

    private static Table Frequencies(OutputComparison comparison) =>
        new(
            [
                "frequency of the word",
                "words of the references",
                $"F1, {comparison.First}",
                $"F1, {comparison.Second}",
                "difference",
            ],
            [
                .. comparison.ByFrequency.Select(bucket =>
                    (string[])[bucket.Frequency, Numbers.Count(bucket.ReferenceWords), .. Cells(bucket.F1)]
                ),
            ]
        );

    private static string[] Cells(ScorePair scores) =>
        [Numbers.Bleu(scores.First), Numbers.Bleu(scores.Second), Signed(scores.Difference)];

    private static Html Sentence(OutputComparison comparison, SentenceChange change) =>
        Html.Of(
            $"""
            <dl class="sample">
            <dt>line {change.Line}</dt><dd>{change.Scores.Metric} {Numbers.Bleu(change.Scores.First)} and {Numbers.Bleu(
                change.Scores.Second
            )}, {Signed(change.Scores.Difference)}</dd>
            <dt>source</dt><dd>{change.Source}</dd>
            <dt>reference</dt><dd>{change.Reference}</dd>
            <dt>{comparison.First}</dt><dd>{change.First}</dd>
            <dt>{comparison.Second}</dt><dd class="translation">{change.Second}</dd>
            </dl>
            """
        );

    private static string Interval(SystemScore score) =>
        score.Interval is { } width
            ? $"{Numbers.Bleu(score.Score)} (± {Numbers.Bleu(width)})"
            : Numbers.Bleu(score.Score);

    private static string Signed(double difference) =>
        difference.ToString("+0.00;−0.00;0.00", CultureInfo.InvariantCulture);
}
