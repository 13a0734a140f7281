using TransformerClinic.Common;
using TransformerClinic.Scoring;
using TransformerClinic.Scoring.Bleu;
using TransformerClinic.Scoring.Chrf;
using TransformerClinic.Scoring.Systems;

namespace TransformerClinic.Tests.Scoring.Systems;

public sealed class OutputComparisonTests
{
    private static readonly IMetric[] Metrics = [new BleuMetric(), new ChrfMetric(new ChrfOptions())];

    // Sources of 2, 11, 20 and 60 words.
    private static readonly string[] Source =
    [
        .. new[] { 2, 11, 20, 60 }.Select(count => string.Join(' ', Enumerable.Repeat("w", count))),
    ];
    private static readonly string[] Reference = ["the cat sat", "the dog ran off", "the cat", "a the"];
    private static readonly string[] First = ["the cat ran", "the dog ran off", "the the", "a the"];
    private static readonly string[] Second = ["the cat sat", "the cat ran off", "the cat", "a the"];

    private static ComparedOutputs Outputs => new("one", First, "two", Second, Reference, Source);

    [Fact]
    public void Sentences_are_grouped_by_the_number_of_words_in_their_source()
    {
        var comparison = OutputComparison.Of(Outputs, Metrics);

        Assert.Equal(
            [("0-10", 1), ("11-20", 2), ("51 or more", 1)],
            comparison.ByLength.Select(bucket => (bucket.Words, bucket.Sentences))
        );
        var middle = comparison.ByLength[1].Scores;
        Assert.Equal(["BLEU", "chrF2"], middle.Select(score => score.Metric));
        Assert.Equal(
            Metrics[0]
                .Corpus(
                    [First[1], First[2]],
                    [
                        [Reference[1], Reference[2]],
                    ]
                )
                .Score,
            middle[0].First,
            1e-12
        );
        Assert.Equal(
            Metrics[1]
                .Corpus(
                    [Second[1], Second[2]],
                    [
                        [Reference[1], Reference[2]],
                    ]
                )
                .Score,
            middle[1].Second,
            1e-12
        );
        Assert.Equal((100, 100), (comparison.ByLength[2].Scores[1].First, comparison.ByLength[2].Scores[1].Second));
    }

    [Fact]
    public void Words_are_grouped_by_frequency_and_matched_line_by_line()
    {
        // In the references: the 4, cat 2, sat, dog, ran, off, a 1 each.
        var counted = OutputComparison.Of(Outputs, Metrics).ByFrequency;

        Assert.Equal(
            [("1", 5), ("2", 2), ("3-4", 4)],
            counted.Select(bucket => (bucket.Frequency, bucket.ReferenceWords))
        );
        // Of sat, dog, ran, off, a the first has ran (wrong), dog, ran, off, a: 4 of 5 match.
        Assert.Equal(200.0 * 4 / (5 + 5), counted[0].F1.First, 1e-12);
        Assert.Equal(200.0 * 4 / (4 + 5), counted[0].F1.Second, 1e-12);
        Assert.Equal(200.0 * 1 / (1 + 2), counted[1].F1.First, 1e-12);
        Assert.Equal(200.0 * 2 / (3 + 2), counted[1].F1.Second, 1e-12);
        // The third line's second "the" matches nothing: the reference has one.
        Assert.Equal(200.0 * 4 / (5 + 4), counted[2].F1.First, 1e-12);
        Assert.Equal(100, counted[2].F1.Second, 1e-12);

        var trained = OutputComparison
            .Of(Outputs, Metrics, WordFrequencies.Of([string.Join(' ', Enumerable.Repeat("the cat", 1000))]))
            .ByFrequency;
        Assert.Equal(
            [("0", 5), ("1000 or more", 6)],
            trained.Select(bucket => (bucket.Frequency, bucket.ReferenceWords))
        );
    }

    [Fact]
    public void Gains_and_losses_are_the_sentences_that_change_most()
    {
        var comparison = OutputComparison.Of(Outputs, Metrics);

        Assert.Equal((4, 2, 1, 1), (comparison.Lines, comparison.Better, comparison.Worse, comparison.Identical));
        Assert.Equal([1, 3], comparison.Gains.Select(change => change.Line).Order());
        Assert.Equal(comparison.Gains.OrderByDescending(change => change.Scores.Difference), comparison.Gains);
        Assert.Equal(2, Assert.Single(comparison.Losses).Line);
        Assert.Single(OutputComparison.Of(Outputs, Metrics, shown: 1).Gains);
        Assert.Equal(Metrics[1].Sentence(First[1], Reference[1]).Score, comparison.Losses[0].Scores.First, 1e-12);
    }

    [Fact]
    public void The_other_way_round_gains_are_losses()
    {
        var comparison = OutputComparison.Of(Outputs, Metrics);
        var turned = OutputComparison.Of(new ComparedOutputs("two", Second, "one", First, Reference, Source), Metrics);

        Assert.Equal(comparison.Gains.Select(change => change.Line), turned.Losses.Select(change => change.Line));
        Assert.Equal((comparison.Better, comparison.Worse), (turned.Worse, turned.Better));
        Assert.Equal(
            comparison.ByFrequency.Select(bucket => bucket.F1.Difference),
            turned.ByFrequency.Select(bucket => -bucket.F1.Difference)
        );
        Assert.Equal(
            comparison.FirstScores.Select(score => score.Score),
            turned.SecondScores.Select(score => score.Score)
        );
        Assert.Equal(comparison.SecondScores[0].PValue, turned.SecondScores[0].PValue);
    }

    [Fact]
    public void The_numbers_of_lines_must_match() =>
        Assert.Throws<UserErrorException>(() =>
            OutputComparison.Of(Outputs with { Source = [.. Source, "one more"] }, Metrics)
        );
}
