using TorchSharp;
using TransformerClinic.Decoding;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Model;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Decoding.Search;

public sealed class SamplingTests
{
    private const int Words = 11;

    private static readonly int[] Source = [10, 9, 8, 2];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Tokens_are_drawn_with_their_probabilities()
    {
        using var scope = NewDisposeScope();
        var model = Model();
        var options = new DecodingOptions
        {
            Beam = 50,
            Temperature = 0.7,
            MaxLengthA = 0,
            MaxLengthB = 1,
            MinLength = 0,
        };
        const int count = 8000;

        var found = Search(model, options, new Sampling(), count / options.Beam);

        var expected = PlainBeamSearch
            .Next([model], Source, [Vocabulary.EndOfSentence], options)
            .Select(Math.Exp)
            .ToArray();
        expected[Vocabulary.Pad] = 0; // never drawn
        var total = expected.Sum();
        var drawn = found.SelectMany(hypotheses => hypotheses).Select(hypothesis => hypothesis.Tokens[0]).ToList();
        Assert.Equal(count, drawn.Count);
        for (var token = 0; token < Words; token++)
        {
            var probability = expected[token] / total;
            Assert.Equal(
                probability,
                drawn.Count(id => id == token) / (double)count,
                5 * Math.Sqrt(probability * (1 - probability) / count) + 1e-12
            );
        }
    }

    [Theory]
    [InlineData(3, 1.0)]
    [InlineData(0, 0.6)]
    [InlineData(4, 0.8)]
    public void The_tail_is_cut_off_and_the_rest_keeps_its_proportions(int topK, double topP)
    {
        using var scope = NewDisposeScope();
        var model = Model();
        var options = new DecodingOptions
        {
            Beam = 50,
            Temperature = 2.5,
            MaxLengthA = 0,
            MaxLengthB = 1,
            MinLength = 0,
        };
        const int count = 4000;

        var drawn = Search(model, options, new Sampling { TopK = topK, TopP = topP }, count / options.Beam)
            .SelectMany(hypotheses => hypotheses)
            .Select(hypothesis => hypothesis.Tokens[0])
            .ToList();

        var all = PlainBeamSearch
            .Next([model], Source, [Vocabulary.EndOfSentence], options)
            .Select((logProbability, token) => (Token: token, Probability: Math.Exp(logProbability)))
            .Where(entry => entry.Token != Vocabulary.Pad)
            .OrderByDescending(entry => entry.Probability)
            .Take(topK == 0 ? Words : topK)
            .ToList();
        var needed =
            1
            + Enumerable
                .Range(0, all.Count - 1)
                .Count(i =>
                    all.Take(i + 1).Sum(entry => entry.Probability) < topP * all.Sum(entry => entry.Probability)
                );
        var kept = all.Take(needed).ToList();
        Assert.InRange(kept.Count, 2, Words - 3);
        Assert.Equal(kept.Select(entry => entry.Token).Order(), drawn.Distinct().Order());
        foreach (var (token, probability) in kept)
        {
            var share = probability / kept.Sum(entry => entry.Probability);
            Assert.Equal(
                share,
                drawn.Count(id => id == token) / (double)count,
                5 * Math.Sqrt(share * (1 - share) / count)
            );
        }
    }

    [Fact]
    public void One_token_to_draw_from_is_greedy_search()
    {
        using var scope = NewDisposeScope();
        var model = Model();
        var options = new DecodingOptions
        {
            Beam = 1,
            MaxLengthA = 0,
            MaxLengthB = 12,
        };
        var greedy = new BeamSearch(model, options).Search([Source], Cancellation)[0][0];

        foreach (
            var sampling in new[]
            {
                new Sampling { TopK = 1 },
                new Sampling { TopP = 0.0001 },
            }
        )
        {
            var drawn = Search(model, options, sampling, 1)[0][0];
            Assert.Equal(greedy.Tokens, drawn.Tokens);
            Assert.Equal(greedy.Score, drawn.Score, 1e-9);
        }
    }

    [Fact]
    public void Only_the_seed_and_the_sentences_number_decide()
    {
        using var scope = NewDisposeScope();
        var model = Model();
        var options = new DecodingOptions
        {
            Beam = 3,
            MaxLengthA = 0,
            MaxLengthB = 12,
        };
        int[][] sources = [Source, [4, 2], [5, 6, 7, 8, 9, 2], Source];
        var search = new BeamSearch([model], options, new Sampling { Seed = 7 });
        SourceSentence[] sentences =
        [
            .. sources.Select((source, number) => new SourceSentence(source) { Number = number + 100 }),
        ];

        var together = search.Search(sentences, Cancellation);

        int[][] Tokens(IReadOnlyList<Hypothesis> hypotheses) => [.. hypotheses.Select(hypothesis => hypothesis.Tokens)];
        Assert.All(
            sentences.Zip(together),
            pair => Assert.Equal(Tokens(pair.Second), Tokens(search.Search([pair.First], Cancellation)[0]))
        );
        Assert.NotEqual(Tokens(together[0]), Tokens(together[3]));
        Assert.NotEqual(
            Tokens(together[0]),
            Tokens(new BeamSearch([model], options, new Sampling { Seed = 8 }).Search(sentences, Cancellation)[0])
        );
        Assert.All(together, hypotheses => Assert.Equal(3, hypotheses.Count));
    }

    [Fact]
    public void Log_probabilities_are_the_models_own()
    {
        using var scope = NewDisposeScope();
        var model = Model();
        var options = new DecodingOptions
        {
            Beam = 4,
            MaxLengthA = 0,
            MaxLengthB = 12,
        };

        foreach (var hypothesis in Search(model, options, new Sampling { TopK = 3 }, 1)[0])
        {
            var forced = new ForcedScoring([model]).Score([new(Source, hypothesis.Tokens)])[0];
            Assert.All(
                forced.TokenLogProbabilities.Zip(hypothesis.TokenLogProbabilities),
                pair => Assert.Equal(pair.First, pair.Second, 1e-5)
            );
        }
    }

    private static Transformer Model()
    {
        var model = SmallModel.Create(Words, 3);
        model.to(ScalarType.Float64);
        return model;
    }

    private static IReadOnlyList<IReadOnlyList<Hypothesis>> Search(
        Transformer model,
        DecodingOptions options,
        Sampling sampling,
        int sentences
    ) => new BeamSearch([model], options, sampling).Search([.. Enumerable.Repeat(Source, sentences)], Cancellation);
}
