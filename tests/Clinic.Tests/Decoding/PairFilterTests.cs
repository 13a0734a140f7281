using CsCheck;
using TransformerClinic.Common;
using TransformerClinic.Decoding;

namespace TransformerClinic.Tests.Decoding;

public class PairFilterTests
{
    [Theory]
    [InlineData(null, null, "0 1 3 4")]
    [InlineData(-2.0, null, "0 3 4")]
    [InlineData(null, 0.5, "3 4")]
    [InlineData(null, 0.51, "0 3 4")]
    [InlineData(null, 1.0, "0 1 3 4")]
    [InlineData(-1.5, 0.75, "3 4")]
    public void Kept_are_the_best_and_those_that_reach_the_least_in_order(double? least, double? best, string kept) =>
        Assert.Equal(kept, string.Join(' ', new PairFilter(least, best).Kept(Scores(-2, -3, null, -1, -0.5))));

    [Fact]
    public void Of_equal_scores_the_earlier_pairs_are_kept() =>
        Assert.Equal([0, 1], new PairFilter(null, 0.5).Kept(Scores(-1, -1, -1, -1)));

    [Fact]
    public void Where_no_pair_is_kept_the_best_score_is_said()
    {
        Assert.Equal("No pair is kept: the best score is -1.5000.", Refused(new PairFilter(-1, null), -1.5, null, -3));
        Assert.Equal("No pair is kept: the best score is -1.5000.", Refused(new PairFilter(null, 0), -1.5, -3));
        Assert.Equal("There is no pair that could be scored.", Refused(new PairFilter(null, null), null, null));
        Assert.Equal("There is no pair that could be scored.", Refused(new PairFilter(null, null)));
    }

    [Fact]
    public void No_pair_that_is_left_out_is_better_than_one_that_is_kept() =>
        Gen.Select(Gen.Int[-5, 0].Array[1, 30], Gen.Double[0.01, 1])
            .Sample(
                (values, share) =>
                {
                    var kept = new PairFilter(null, share).Kept(Scores([.. values.Select(value => (double?)value)]));
                    var others = Enumerable.Range(0, values.Length).Except(kept);
                    Assert.Equal((int)Math.Ceiling(share * values.Length), kept.Count);
                    Assert.All(others, i => Assert.True(values[i] <= kept.Min(place => values[place])));
                }
            );

    private static string Refused(PairFilter filter, params double?[] scores) =>
        Assert.Throws<UserErrorException>(() => filter.Kept(Scores(scores))).Message;

    private static IReadOnlyList<ScoredPair> Scores(params double?[] scores) =>
        [
            .. scores.Select(score =>
                score is { } value
                    ? new ScoredPair(new ForcedScore([(float)value], 1), value, [2])
                    : new ScoredPair(null, 0, [], "It is empty.")
            ),
        ];
}
