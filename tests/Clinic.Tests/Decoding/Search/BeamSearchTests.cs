using CsCheck;
using TorchSharp;
using TransformerClinic.Decoding;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Model;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Decoding.Search;

[Trait("Speed", "Slow")]
public sealed class BeamSearchTests
{
    private const int Words = 11;

    private static readonly int[][] Sources =
    [
        [4, 5, 6, 2],
        [10, 9, 8, 7, 6, 5, 4, 2],
        [7, 2],
        [5, 5, 5, 5, 5, 2],
        [9, 4, 2],
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_search_finds_what_decoding_every_prefix_from_scratch_finds()
    {
        var cases = Gen.Select(
            Gen.Long[0, 1000],
            Gen.Int[1, 7],
            Gen.Double[0, 2],
            Gen.Double[0, 1.5],
            Gen.Int[1, 12],
            Gen.Int[0, 4],
            Gen.Double[0, 1],
            Gen.Enum<LengthNormalization>()
        );
        cases.Sample(
            (seed, beam, lengthPenalty, maxLengthA, maxLengthB, minLength, minLengthA, normalization) =>
            {
                using var scope = NewDisposeScope();
                AssertPlain(
                    seed,
                    new DecodingOptions
                    {
                        Beam = beam,
                        LengthPenalty = lengthPenalty,
                        LengthNormalization = normalization,
                        MaxLengthA = maxLengthA,
                        MaxLengthB = maxLengthB,
                        MinLength = minLength,
                        MinLengthA = minLengthA,
                    }
                );
            },
            iter: 25,
            threads: 1
        );
    }

    [Fact]
    public void A_search_with_token_penalties_finds_what_decoding_every_prefix_from_scratch_finds()
    {
        var cases = Gen.Select(
            Gen.Long[0, 1000],
            Gen.Int[1, 4],
            Gen.Int[0, 4],
            Gen.Double[0.3, 3],
            Gen.Double[-2, 2],
            Gen.Enum<SourceLength>()
        );
        cases.Sample(
            (seed, beam, noRepeatNgram, temperature, unknownPenalty, maxLengthOf) =>
            {
                using var scope = NewDisposeScope();
                AssertPlain(
                    seed,
                    new DecodingOptions
                    {
                        Beam = beam,
                        MaxLengthA = 1,
                        MaxLengthB = 3,
                        NoRepeatNgram = noRepeatNgram,
                        Temperature = temperature,
                        UnknownPenalty = unknownPenalty,
                        MaxLengthOf = maxLengthOf,
                    }
                );
            },
            iter: 25,
            threads: 1
        );
    }

    [Fact]
    public void Several_models_search_with_the_mean_of_their_probabilities()
    {
        using var scope = NewDisposeScope();
        var options = new DecodingOptions
        {
            Beam = 3,
            MaxLengthA = 1,
            MaxLengthB = 4,
            Temperature = 1.3,
        };
        var models = Enumerable.Range(0, 3).Select(seed => InFloat64(seed)).ToArray();

        var found = new BeamSearch(models, options).Search(Sources, Cancellation);

        foreach (var (source, hypotheses) in Sources.Zip(found))
        {
            var expected = PlainBeamSearch.Search(models, source, options);
            Assert.Equal(expected.Select(plain => plain.Tokens), hypotheses.Select(hypothesis => hypothesis.Tokens));
            Assert.All(expected.Zip(hypotheses), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-9));
        }

        // Three times the same model is that model.
        Assert.Equal(
            new BeamSearch(models[0], options).Search(Sources, Cancellation).Select(hypotheses => hypotheses[0].Tokens),
            new BeamSearch([models[0], models[0], models[0]], options)
                .Search(Sources, Cancellation)
                .Select(hypotheses => hypotheses[0].Tokens)
        );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Every_output_starts_with_the_prefix_and_its_score_counts(int beam)
    {
        using var scope = NewDisposeScope();
        var model = SmallModel.Create(Words, 5);
        var options = new DecodingOptions
        {
            Beam = beam,
            MaxLengthA = 0,
            MaxLengthB = 2,
            NoRepeatNgram = 1,
        };
        int[] prefix = [9, 9, 4];

        var found = new BeamSearch(model, options).Search(
            [.. Sources.Select(source => new SourceSentence(source) { Prefix = prefix })],
            Cancellation
        );

        foreach (
            var (source, hypothesis) in Sources
                .Zip(found)
                .SelectMany(pair => pair.Second, (pair, hypothesis) => (pair.First, hypothesis))
        )
        {
            // The prefix is longer than the longest output and repeats itself: it is output all the same.
            Assert.Equal([9, 9, 4, Vocabulary.EndOfSentence], hypothesis.Tokens);
            var forced = new ForcedScoring([model]).Score([new(source, hypothesis.Tokens)])[0];
            Assert.All(
                forced.TokenLogProbabilities.Zip(hypothesis.TokenLogProbabilities),
                pair => Assert.Equal(pair.First, pair.Second, 1e-5)
            );
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_output_repeats_an_ngram_if_that_is_ruled_out_and_some_do_otherwise(int n)
    {
        using var scope = NewDisposeScope();
        var options = new DecodingOptions
        {
            Beam = 3,
            MinLength = 9,
            MaxLengthA = 0,
            MaxLengthB = 30,
        };
        IEnumerable<int[]> Outputs(long seed, DecodingOptions how) =>
            new BeamSearch(SmallModel.Create(Words, seed), how)
                .Search(Sources, Cancellation)
                .SelectMany(found => found)
                .Select(hypothesis => hypothesis.Tokens);
        var seeds = Enumerable.Range(0, 8).ToList();

        // With its first token, the end mark that decoding starts from; the one at its end is always allowed.
        Assert.DoesNotContain(
            seeds.SelectMany(seed => Outputs(seed, options with { NoRepeatNgram = n })),
            tokens => PlainBeamSearch.Repeats([Vocabulary.EndOfSentence, .. tokens[..^1]], n)
        );
        Assert.Contains(
            seeds.SelectMany(seed => Outputs(seed, options)),
            tokens => PlainBeamSearch.Repeats([Vocabulary.EndOfSentence, .. tokens[..^1]], n)
        );
    }

    [Fact]
    public void An_output_that_no_token_may_follow_ends_even_if_it_is_short()
    {
        using var scope = NewDisposeScope();
        var options = new DecodingOptions
        {
            Beam = 2,
            NoRepeatNgram = 1,
            MinLength = 50,
            MaxLengthA = 0,
            MaxLengthB = 50,
        };

        var found = new BeamSearch(SmallModel.Create(Words, 5), options).Search([Sources[0]], Cancellation)[0];

        // All nine words that are neither the end mark nor padding, each once.
        Assert.NotEmpty(found);
        Assert.All(found, hypothesis => Assert.Equal(9, hypothesis.Tokens[..^1].Distinct().Count()));
    }

    [Fact]
    public void A_rule_against_ngrams_longer_than_any_output_changes_nothing()
    {
        using var scope = NewDisposeScope();
        var model = SmallModel.Create(Words, 5);
        double[] Scores(DecodingOptions options) =>
            [
                .. new BeamSearch(model, options)
                    .Search(Sources, Cancellation)
                    .SelectMany(found => found)
                    .Select(hypothesis => hypothesis.Score),
            ];

        Assert.Equal(
            Scores(new DecodingOptions { Beam = 3 }),
            Scores(new DecodingOptions { Beam = 3, NoRepeatNgram = 1000 })
        );
    }

    [Fact]
    public void The_length_of_the_batch_is_the_sentences_own_in_a_batch_of_one()
    {
        using var scope = NewDisposeScope();
        var model = SmallModel.Create(Words, 5);
        var own = new DecodingOptions
        {
            Beam = 3,
            MaxLengthA = 1,
            MaxLengthB = 1,
            MinLength = 100,
        };
        int[] Lengths(DecodingOptions options, params int[][] sources) =>
            [
                .. new BeamSearch(model, options)
                    .Search(sources, Cancellation)
                    .Select(found => found[0].Tokens.Length - 1),
            ];
        var batch = own with { MaxLengthOf = SourceLength.Batch };

        Assert.Equal(Sources.Select(source => source.Length + 1), Lengths(own, Sources));
        Assert.Equal(Sources.Select(source => source.Length + 1), Sources.SelectMany(source => Lengths(batch, source)));
        Assert.Equal(Enumerable.Repeat(9, Sources.Length), Lengths(batch, Sources));
    }

    [Fact]
    public void A_score_is_the_sum_of_the_tokens_log_probabilities_over_the_penalized_length()
    {
        using var scope = NewDisposeScope();
        var options = new DecodingOptions { Beam = 4, LengthPenalty = 0.6 };

        foreach (
            var hypothesis in new BeamSearch(SmallModel.Create(Words, 5), options)
                .Search(Sources, Cancellation)
                .SelectMany(found => found)
        )
        {
            Assert.Equal(hypothesis.Tokens.Length, hypothesis.TokenLogProbabilities.Length);
            Assert.Equal(Vocabulary.EndOfSentence, hypothesis.Tokens[^1]);
            Assert.All(hypothesis.TokenLogProbabilities, logProbability => Assert.True(logProbability <= 0));
            Assert.Equal(
                hypothesis.TokenLogProbabilities.Sum() / Math.Pow(hypothesis.Tokens.Length, 0.6),
                hypothesis.Score,
                1e-5
            );
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void The_rest_of_the_batch_changes_nothing(int beam)
    {
        using var scope = NewDisposeScope();
        var search = new BeamSearch(
            SmallModel.Create(Words, 5),
            new DecodingOptions
            {
                Beam = beam,
                MaxLengthA = 1,
                MaxLengthB = 2,
            }
        );

        var together = search.Search(Sources, Cancellation);

        for (var i = 0; i < Sources.Length; i++)
        {
            var alone = search.Search([Sources[i]], Cancellation)[0];
            Assert.Equal(
                alone.Select(hypothesis => hypothesis.Tokens),
                together[i].Select(hypothesis => hypothesis.Tokens)
            );
        }
    }

    [Fact]
    public void Two_words_of_equal_probability_are_in_the_order_of_their_ids()
    {
        using var scope = NewDisposeScope();
        var model = SmallModel.Create(Words, 5);
        using (no_grad())
        {
            model.Embeddings.Output.zero_();
        }

        var found = new BeamSearch(
            model,
            new DecodingOptions
            {
                Beam = 3,
                MaxLengthA = 0,
                MaxLengthB = 1,
            }
        ).Search([Sources[0]], Cancellation);

        Assert.Equal(
            [
                [0, 2],
                [3, 2],
                [4, 2],
            ],
            found[0].Select(hypothesis => hypothesis.Tokens)
        );
    }

    private static Transformer InFloat64(long seed)
    {
        var model = SmallModel.Create(Words, seed);
        model.to(ScalarType.Float64);
        return model;
    }

    private static void AssertPlain(long seed, DecodingOptions options)
    {
        var model = InFloat64(seed);

        var found = new BeamSearch(model, options).Search(Sources);

        var width = Sources.Max(source => source.Length);
        foreach (var (source, hypotheses) in Sources.Zip(found))
        {
            var expected = PlainBeamSearch.Search(
                model,
                source,
                options,
                options.MaxLengthOf == SourceLength.Batch ? width : source.Length
            );
            Assert.Equal(expected.Select(plain => plain.Tokens), hypotheses.Select(hypothesis => hypothesis.Tokens));
            foreach (var (plain, hypothesis) in expected.Zip(hypotheses))
            {
                Assert.Equal(plain.Score, hypothesis.Score, 1e-9);
            }
        }
    }
}
