using TorchSharp;
using TransformerClinic.Data;
using TransformerClinic.Decoding;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Tests.Decoding.Search;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Decoding;

public sealed class ForcedScoringTests
{
    private const int Words = 11;

    private static readonly int[][] Sources =
    [
        [4, 5, 6, 2],
        [10, 9, 8, 7, 6, 5, 4, 2],
        [7, 2],
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 1.0)]
    [InlineData(2, 1.7)]
    public void Forced_scoring_of_the_searchs_output_gives_the_searchs_score(int models, double temperature)
    {
        using var scope = NewDisposeScope();
        var ensemble = Enumerable.Range(3, models).Select(seed => SmallModel.Create(Words, seed)).ToArray();
        Array.ForEach(ensemble, model => model.to(ScalarType.Float64));
        var options = new DecodingOptions
        {
            Beam = 1,
            MaxLengthA = 0,
            MaxLengthB = 9,
            Temperature = temperature,
        };
        var found = new BeamSearch(ensemble, options).Search(Sources, Cancellation);

        var scores = new ForcedScoring(ensemble, temperature).Score([
            .. Sources.Zip(found, (source, hypotheses) => new ParallelExample(source, hypotheses[0].Tokens)),
        ]);

        foreach (var (source, score, hypothesis) in Sources.Zip(scores, found.Select(hypotheses => hypotheses[0])))
        {
            Assert.Equal(hypothesis.TokenLogProbabilities.Length, score.TokenLogProbabilities.Length);
            Assert.All(
                hypothesis.TokenLogProbabilities.Zip(score.TokenLogProbabilities),
                pair => Assert.Equal(pair.First, pair.Second, 1e-5)
            );
            Assert.Equal(hypothesis.TokenLogProbabilities.Sum(value => (double)value), score.LogProbability, 1e-4);
            Assert.Equal(
                hypothesis
                    .Tokens.Index()
                    .Count(entry =>
                        PlainBeamSearch
                            .Next(ensemble, source, [2, .. hypothesis.Tokens[..entry.Index]], options)
                            .Index()
                            .MaxBy(next => next.Item)
                            .Index == entry.Item
                    ),
                score.Correct
            );
        }

        Assert.Empty(new ForcedScoring(ensemble).Score([]));
    }

    [Fact]
    public void Attention_is_spread_over_the_source_and_padding_gets_none()
    {
        using var scope = NewDisposeScope();
        var model = SmallModel.Create(Words, 5);
        ParallelExample[] pairs =
        [
            .. Sources.Select((source, i) => new ParallelExample(source, [.. Enumerable.Range(4, i + 2), 2])),
        ];

        var together = new ForcedScoring([model]).Score(pairs, attention: true);

        foreach (var (pair, score) in pairs.Zip(together))
        {
            Assert.Equal(pair.Target.Length, score.Attention!.Length);
            Assert.All(score.Attention, row => Assert.Equal(pair.Source.Length, row.Length));
            Assert.All(score.Attention, row => Assert.Equal(1, row.Sum(), 1e-5));
            var alone = new ForcedScoring([model]).Score([pair], attention: true)[0];
            Assert.All(
                alone.Attention!.SelectMany(row => row).Zip(score.Attention.SelectMany(row => row)),
                weights => Assert.Equal(weights.First, weights.Second, 1e-5)
            );
        }

        Assert.All(new ForcedScoring([model]).Score(pairs), score => Assert.Null(score.Attention));
        Assert.All(
            model.Decoder.Layers,
            layer =>
                Assert.Null(((TransformerClinic.Model.MultiHeadAttention)layer.CrossAttention.Branch).WeightsObserver)
        );
    }

    [Fact]
    public void The_coverage_penalty_is_that_of_its_equation()
    {
        // Source tokens with a total attention of 0.7, 1.2 and 0.1.
        float[][] attention =
        [
            [0.5f, 0.5f, 0f],
            [0.2f, 0.7f, 0.1f],
        ];

        Assert.Equal(0.4 * (Math.Log(0.7) + Math.Log(0.1)), CoveragePenalty.Of(attention, 0.4), 1e-6);
        Assert.True(
            double.IsFinite(
                CoveragePenalty.Of(
                    [
                        [1f, 0f],
                    ],
                    1
                )
            )
        );
    }

    [Fact]
    public void A_score_with_a_coverage_penalty_is_the_score_without_plus_the_penalty()
    {
        using var scope = NewDisposeScope();
        var model = SmallModel.Create(Words, 5);
        var options = new DecodingOptions
        {
            Beam = 5,
            MaxLengthA = 0,
            MaxLengthB = 6,
            CoveragePenalty = 2,
        };
        var plain = new BeamSearch(model, options).Search([Sources[1]], Cancellation)[0];

        var covered = new HypothesisAttention([model], options).Added(Sources[1], plain);

        Assert.Equal(covered.OrderByDescending(hypothesis => hypothesis.Score), covered);
        foreach (var hypothesis in covered)
        {
            var before = plain.Single(other => other.Tokens.SequenceEqual(hypothesis.Tokens));
            Assert.Equal(before.Score + CoveragePenalty.Of(hypothesis.Attention!, 2), hypothesis.Score, 1e-9);
        }
    }
}
