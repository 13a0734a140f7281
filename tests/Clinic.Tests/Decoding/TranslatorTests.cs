using TransformerClinic.Common;
using TransformerClinic.Decoding;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Decoding;

[Trait("Speed", "Slow")]
public sealed class TranslatorTests
{
    private const int Positions = 24;

    private static readonly string[] Lines =
    [
        "the old river",
        "",
        "a bird sees the quiet cat under every tree",
        "tree",
        "   ",
        "the cat the cat the cat",
        "every old bird sees a river",
        "quiet",
        "a",
        "the bird",
    ];

    private static readonly SubwordModel Subwords = SubwordModel.Learn(
        Lines,
        new SubwordOptions { Merges = 60, MinPairCount = 1 }
    );

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(15, 1)]
    [InlineData(15, 3)]
    [InlineData(10_000, 2)]
    public void Neither_the_size_of_batches_nor_the_number_of_workers_changes_a_translation(
        int tokensPerBatch,
        int workers
    )
    {
        using var scope = NewDisposeScope();
        var model = SmallModel.Create(Subwords.Vocabulary.Count, 5, Positions);
        var search = new BeamSearch(model, new DecodingOptions { Beam = 3 });

        using var translator = new Translator(
            model,
            Subwords,
            new DecodingOptions { Beam = 3, TokensPerBatch = tokensPerBatch },
            workers
        );
        var translations = translator.Translate(Lines, cancellation: Cancellation);

        Assert.Equal(Lines.Length, translations.Count);
        foreach (var (line, translation) in Lines.Zip(translations))
        {
            Assert.Null(translation.Problem);
            var alone = Subwords.Encode(line) is { Length: > 0 } ids
                ? search.Search(
                    [
                        [.. ids, Vocabulary.EndOfSentence],
                    ],
                    Cancellation
                )[0]
                : [];
            Assert.Equal(
                alone.Select(hypothesis => hypothesis.Tokens),
                translation.Hypotheses.Select(hypothesis => hypothesis.Tokens)
            );
            Assert.Equal(alone.Count == 0 ? "" : Subwords.Decode(alone[0].Tokens), translation.Text);
            Assert.Equal(alone.Count == 0 ? 0 : alone[0].Score, translation.Score, 1e-5);
        }

        Assert.Equal(8, translations.Count(translation => translation.Hypotheses.Count > 0));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(15, 3)]
    [InlineData(10_000, 2)]
    public void Neither_do_they_change_draws_requirements_or_attention(int tokensPerBatch, int workers)
    {
        using var scope = NewDisposeScope();
        var model = SmallModel.Create(Subwords.Vocabulary.Count, 5, Positions);
        TranslationRequest[] requests =
        [
            .. Lines.Select(
                (line, i) =>
                    new TranslationRequest(line)
                    {
                        Number = i,
                        Prefix = i % 2 == 0 ? "the" : "",
                        Banned = ["a"],
                    }
            ),
        ];
        SearchMethod[] methods =
        [
            new Sampling { TopK = 20, TopP = 0.9 },
            new DiverseBeam { Groups = 3 },
            new MostProbable(),
        ];
        IReadOnlyList<Translation> Translate(SearchMethod method, int budget, int threads)
        {
            var options = new DecodingOptions
            {
                Beam = 3,
                TokensPerBatch = budget,
                CoveragePenalty = 0.2,
            };
            using var translator = new Translator(
                [model, model],
                Subwords,
                options,
                new TranslatorOptions
                {
                    Method = method,
                    Workers = threads,
                    Attention = true,
                }
            );
            return translator.Translate(requests, cancellation: Cancellation);
        }

        foreach (var method in methods)
        {
            foreach (var (expected, found) in Translate(method, 200, 1).Zip(Translate(method, tokensPerBatch, workers)))
            {
                Assert.Equal((expected.Text, expected.Problem), (found.Text, found.Problem));
                Assert.Equal(
                    expected.Hypotheses.Select(hypothesis => hypothesis.Tokens),
                    found.Hypotheses.Select(hypothesis => hypothesis.Tokens)
                );
            }
        }
    }

    [Fact]
    public void A_line_longer_than_the_models_positions_has_a_problem_and_the_others_are_translated()
    {
        using var scope = NewDisposeScope();
        var model = SmallModel.Create(Subwords.Vocabulary.Count, 5, Positions);
        using var translator = new Translator(model, Subwords, new DecodingOptions(), workers: 1);
        var longest = new string('x', Positions - 2);

        var translations = translator.Translate(["tree", longest + "x", longest], cancellation: Cancellation);

        Assert.Equal(
            "The line has 25 subwords with its end mark, but the model reads at most 24. Split it into sentences.",
            translations[1].Problem
        );
        Assert.Equal("", translations[1].Text);
        Assert.Null(translations[0].Problem);
        Assert.NotEmpty(translations[0].Hypotheses);
        Assert.Null(translations[2].Problem);
        Assert.NotEmpty(translations[2].Hypotheses);
    }

    [Fact]
    public void Progress_counts_every_line_and_ends_with_all_of_them()
    {
        using var scope = NewDisposeScope();
        var reports = new Reports();
        var model = SmallModel.Create(Subwords.Vocabulary.Count, 5, Positions);
        using var translator = new Translator(model, Subwords, new DecodingOptions { TokensPerBatch = 1 }, workers: 1);

        translator.Translate(Lines, reports, Cancellation);

        Assert.Equal(Enumerable.Range(3, 8).Select(done => (done, 10)), reports.All);
    }

    [Theory]
    [InlineData(SourceLength.Sentence, 3)]
    [InlineData(SourceLength.Batch, 1)]
    public void Every_worker_has_a_batch_unless_results_depend_on_batches(SourceLength maxLengthOf, int batches)
    {
        using var scope = NewDisposeScope();
        var reports = new Reports();
        var model = SmallModel.Create(Subwords.Vocabulary.Count, 5, Positions);
        using var translator = new Translator(
            model,
            Subwords,
            new DecodingOptions { TokensPerBatch = 10_000, MaxLengthOf = maxLengthOf },
            workers: 3
        );

        translator.Translate(Lines, reports, Cancellation);

        Assert.Equal(batches, reports.All.Count);
        Assert.Contains((10, 10), reports.All);
    }

    [Fact]
    public void Workers_that_fail_together_give_one_exception()
    {
        using var scope = NewDisposeScope();
        var model = SmallModel.Create(Subwords.Vocabulary.Count, 5, Positions);
        using (no_grad())
        {
            model.Embeddings.Output.fill_(float.NaN);
        }

        using var translator = new Translator(model, Subwords, new DecodingOptions { TokensPerBatch = 1 }, workers: 2);

        Assert.Throws<UserErrorException>(() => translator.Translate(Lines, cancellation: Cancellation));
        Assert.Throws<OperationCanceledException>(() =>
            translator.Translate(Lines, cancellation: new CancellationToken(canceled: true))
        );
    }

    [Fact]
    public void The_subword_model_of_another_model_is_refused()
    {
        using var scope = NewDisposeScope();
        var model = SmallModel.Create(Subwords.Vocabulary.Count + 1, 5, Positions);

        var exception = Assert.Throws<UserErrorException>(() => new Translator(model, Subwords, new DecodingOptions()));

        Assert.Contains("do not belong together", exception.Message, StringComparison.Ordinal);
    }

    private sealed class Reports : IProgress<(int Done, int Total)>
    {
        public List<(int Done, int Total)> All { get; } = [];

        public void Report((int Done, int Total) value)
        {
            lock (All)
            {
                All.Add(value);
            }
        }
    }
}
