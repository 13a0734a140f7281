using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Decoding;
using TransformerClinic.Model;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Text;

namespace TransformerClinic.Tests.Data;

public sealed class PreparedCorpusTests : IDisposable
{
    private static readonly DataOptions Options = new()
    {
        Train = new("train.tsv"),
        Valid = new("valid.tsv"),
        Test = new("test.tsv"),
        MaxLength = 20,
        MaxLengthRatio = 3,
    };

    private readonly TemporaryFolder _folder = new();

    public PreparedCorpusTests()
    {
        _folder.Write("train.tsv", "a b c\tx y z\na b\tx y\n");
        _folder.Write("valid.tsv", "a\tx\n");
        _folder.Write("test.tsv", "b\ty\n");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_side_of_an_example_is_the_encoded_sentence_and_the_end_mark()
    {
        var corpus = HelpCorpus.Prepared;
        foreach (var set in new[] { Held(corpus.Train), corpus.Valid, corpus.Test! })
        {
            Assert.Equal(set.Pairs.Count, set.Examples.Count);
            foreach (var (pair, example) in set.Pairs.Zip(set.Examples))
            {
                Assert.Equal([.. corpus.Subwords.Encode(pair.Source), Vocabulary.EndOfSentence], example.Source);
                Assert.Equal([.. corpus.Subwords.Encode(pair.Target), Vocabulary.EndOfSentence], example.Target);
            }
        }
    }

    [Fact]
    public void Every_pair_of_the_help_corpus_is_kept()
    {
        var corpus = HelpCorpus.Prepared;
        Assert.Equal(
            ["train: 27,679 of 27,679 pairs kept", "valid: 900 of 900 pairs kept", "test: 855 of 855 pairs kept"],
            new[] { Held(corpus.Train), corpus.Valid, corpus.Test! }.Select(set => set.Ledger.ToString())
        );
    }

    [Fact]
    public void Sets_may_be_files_of_translators_and_what_they_lose_is_counted_by_line()
    {
        _folder.Write(
            "train.tmx",
            """
            <tmx version="1.4"><header srclang="x"/><body>
            <tu><tuv xml:lang="x"><seg>a <hi>b</hi></seg></tuv><tuv xml:lang="y"><seg>y</seg></tuv></tu>
            <tu><tuv xml:lang="x"><seg>a</seg></tuv></tu>
            <tu><tuv xml:lang="x"><seg>a</seg></tuv><tuv xml:lang="y"><seg/></tuv></tu>
            </body></tmx>
            """
        );
        _folder.Write(
            "valid.xlf",
            "<xliff><file source-language='y-Z'><body><trans-unit><source>x</source><target>a</target></trans-unit>"
                + "</body></file></xliff>"
        );

        var corpus = Prepare(
            Options with
            {
                SourceLanguage = "x",
                TargetLanguage = "y",
                Train = new("train.tmx"),
                Valid = new("valid.xlf"),
            }
        );

        Assert.Equal(
            "train: 1 of 3 pairs kept, x to y; dropped: 1 without a text in y (first: line 3), 1 with an empty side "
                + "(first: line 4); changed when read: 1 without inline tags, 1 in all (first: line 2)",
            corpus.Train.Ledger.ToString()
        );
        Assert.Equal([new("a b", "y")], Held(corpus.Train).Pairs);
        Assert.Equal([new("a", "x")], corpus.Valid.Pairs);
        Assert.Equal("valid: 1 of 1 pairs kept, x to y", corpus.Valid.Ledger.ToString());
        Assert.Equal("test: 1 of 1 pairs kept", corpus.Test!.Ledger.ToString());
        var message = Refused(Options with { SourceLanguage = "fr", TargetLanguage = "y", Train = new("train.tmx") });
        Assert.StartsWith(_folder.PathOf("train.tmx"), message, StringComparison.Ordinal);
        Assert.EndsWith(
            "Languages here: x (3 texts), y (2 texts). Name the two languages: data.sourceLanguage, "
                + "data.targetLanguage.",
            message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Training_pairs_that_cannot_be_learned_from_are_dropped_and_counted()
    {
        // Without merges " a" is two subwords: with the end mark ten words make 21, nine 19.
        _folder.Write(
            "train.tsv",
            $"a\tx\n\tx\na\t \u00A0\n{Words("a", 10)}\tx x x x x\n{Words("a", 9)}\tx x x\n{Words("a", 9)}\tx x\n"
        );
        var train = Prepare(Options).Train;
        Assert.Equal(
            "train: 2 of 6 pairs kept; dropped: 2 with an empty side (first: line 2, 3), 1 longer than 20 subwords "
                + "(first: line 4), 1 with one side over 3 times as long as the other (first: line 6)",
            train.Ledger.ToString()
        );
        Assert.Equal([new("a", "x"), new(Words("a", 9), "x x x")], Held(train).Pairs);
    }

    [Fact]
    public void No_example_to_learn_from_is_longer_than_the_models_positions_and_every_test_pair_is_kept()
    {
        _folder.Write("train.tsv", $"a\tx\n{Words("a", 4)}\tx x x\n");
        _folder.Write("valid.tsv", $"a\tx\na\t{Words("x", 9)}\n\tx\n");
        _folder.Write("test.tsv", $"\t\n{Words("a", 9)}\tx\na\t{Words("x", 4)}\n");
        var corpus = Prepare(Options, maxPositions: 8);
        Assert.Equal(
            "train: 1 of 2 pairs kept; dropped: 1 longer than 8 subwords (first: line 2)",
            corpus.Train.Ledger.ToString()
        );
        Assert.Equal(
            "valid: 1 of 3 pairs kept; dropped: 1 longer than 8 subwords (first: line 2), 1 with an empty side "
                + "(first: line 3)",
            corpus.Valid.Ledger.ToString()
        );

        // The third pair's source can be read, and of its target nothing is asked but to be compared.
        Assert.Equal(
            "test: 3 of 3 pairs kept; left untranslated and scored as empty: 1 longer than 8 subwords (first: line 2)",
            corpus.Test!.Ledger.ToString()
        );
        Assert.Equal([Vocabulary.EndOfSentence], corpus.Test.Examples[0].Source);
        Assert.Equal(Words("x", 4), corpus.Test.Pairs[2].Target);
    }

    [Fact]
    public void A_line_of_a_megabyte_is_dropped_from_training_like_any_long_line()
    {
        var line = new string('x', 1 << 20);
        _folder.Write("train.tsv", $"a b c\tx y z\n{line}\t{line}\n");
        Assert.Equal(
            "train: 1 of 2 pairs kept; dropped: 1 longer than 20 subwords (first: line 2)",
            Prepare(Options).Train.Ledger.ToString()
        );
    }

    [Fact]
    public void A_long_validation_pair_is_not_dropped_by_the_limits_of_training()
    {
        _folder.Write("valid.tsv", $"{Words("a", 30)}\tx\n");
        Assert.Equal(61, Prepare(Options).Valid.Examples[0].Source.Length);
    }

    [Fact]
    public void Subwords_are_learned_only_from_both_sides_of_the_training_text()
    {
        _folder.Write("valid.tsv", "q\tq\n");
        var vocabulary = Prepare(Options).Subwords.Vocabulary;
        Assert.NotEqual(Vocabulary.Unknown, vocabulary.IdOf("c"));
        Assert.NotEqual(Vocabulary.Unknown, vocabulary.IdOf("z"));
        Assert.Equal(Vocabulary.Unknown, vocabulary.IdOf("q"));
    }

    [Fact]
    public void The_same_text_gives_the_same_ids_again_and_another_text_gives_others()
    {
        var once = Prepare(Options);
        var again = Prepare(Options);
        Assert.Equal(once.Train.HashOfIds(), again.Train.HashOfIds());
        Assert.Equal(once.Train.Hashes, again.Train.Hashes);
        _folder.Write("train.tsv", "a b c\tx y z\na c\tx y\n");
        var other = Prepare(Options);
        Assert.NotEqual(once.Train.HashOfIds(), other.Train.HashOfIds());
        Assert.NotEqual(once.Train.Hashes, other.Train.Hashes);
    }

    [Fact]
    public void Without_a_test_set_there_is_none() =>
        Assert.Null(Prepare(Options with { Test = ParallelFiles.None }).Test);

    [Fact]
    public void A_set_that_is_not_named_or_does_not_exist_is_refused_with_where_to_get_it()
    {
        const string Obtain = "Get it at the library.";
        Assert.Equal(
            $"data.train is not set; it names the file with the training pairs. {Obtain}",
            Refused(Options with { Train = ParallelFiles.None, Obtain = Obtain })
        );
        Assert.Equal(
            $"data.valid: there is no file {_folder.PathOf("none.tsv")}. {Obtain}",
            Refused(Options with { Valid = new("none.tsv"), Obtain = Obtain })
        );
        Assert.Equal(
            $"data.test: there is no file {_folder.PathOf("none.en")}.",
            Refused(Options with { Test = new("test.tsv", "none.en") })
        );
    }

    [Fact]
    public void A_set_with_nothing_left_is_refused_with_its_ledger()
    {
        _folder.Write("train.tsv", "\tx\na\t\n");
        Assert.Equal(
            "No pair of the train set can be used. train: 0 of 2 pairs kept; dropped: 2 with an empty side (first: "
                + "line 1, 2)",
            Refused(Options)
        );
    }

    [Fact]
    public void Preparing_can_be_cancelled() =>
        Assert.Throws<OperationCanceledException>(() =>
            PreparedCorpus.Prepare(
                Options,
                new SubwordOptions(),
                100,
                _folder.FullName,
                progress: null,
                new CancellationToken(canceled: true)
            )
        );

    /// <summary>
    /// The last source that fits and the first that does not: what the ledger says is what a translator does.
    /// </summary>
    [Fact]
    public void The_ledger_counts_as_untranslated_what_a_translator_leaves_untranslated()
    {
        _folder.Write("test.tsv", $"{Words("a", 3)} b\ty\n{Words("a", 3)} bc\ty\n");
        var corpus = Prepare(Options, maxPositions: 9);
        Assert.Equal([9, 10], corpus.Test!.Examples.Select(example => example.Source.Length));
        using var model = new Transformer(
            SmallModel.Options() with
            {
                MaxPositions = 9,
            },
            corpus.Subwords.Vocabulary.Count,
            Vocabulary.Pad,
            seed: 1
        );
        using var translator = new Translator(model, corpus.Subwords, new DecodingOptions());

        var translations = translator.Translate(
            [.. corpus.Test.Pairs.Select(pair => pair.Source)],
            cancellation: TestContext.Current.CancellationToken
        );

        Assert.Equal(
            corpus.Test.Ledger.Untranslated.Single().FirstLines,
            translations.Index().Where(entry => entry.Item.Problem is not null).Select(entry => entry.Index + 1)
        );
        Assert.Equal("", translations[1].Text);
    }

    [Fact]
    public void The_account_of_several_corpora_says_in_which_of_them_a_line_is()
    {
        _folder.Write("more.tsv", "\tx\na b\tx y\n");
        Directory.CreateDirectory(_folder.PathOf("other"));
        _folder.Write("other/more.tsv", "a\tx\n\tx\n");
        var train = Prepare(Options with { Train = new([new(["train.tsv"]), new(["more.tsv"])]) }).Train;
        Assert.Equal(
            "train: 3 of 4 pairs kept; dropped: 1 with an empty side, in more.tsv (first: line 1)",
            train.Ledger.ToString()
        );
        Assert.Equal([new("a b c", "x y z"), new("a b", "x y"), new("a b", "x y")], Held(train).Pairs);
        Assert.Equal(
            "train: 2 of 4 pairs kept; dropped: 1 with an empty side, in more.tsv (first: line 1), 1 with an empty "
                + "side, in other/more.tsv (first: line 2)",
            Prepare(Options with { Train = new([new(["more.tsv"]), new(["other/more.tsv"])]) }).Train.Ledger.ToString()
        );
    }

    [Fact]
    public void Training_text_that_changes_while_it_is_prepared_is_refused()
    {
        var watch = new Watch { OnStage = stage => Change(stage) };
        var message = Assert
            .Throws<UserErrorException>(() =>
                PreparedCorpus.Prepare(
                    Options,
                    new SubwordOptions { Merges = 3 },
                    100,
                    _folder.FullName,
                    watch,
                    TestContext.Current.CancellationToken
                )
            )
            .Message;
        Assert.Equal(
            "train.tsv: the file changed while it was being prepared. Run it again once the file is complete.",
            message
        );

        void Change(PreparationStage stage)
        {
            if (stage == PreparationStage.LearningMerges)
            {
                _folder.Write("train.tsv", "a b c\tx y z\na b\tx z\n");
            }
        }
    }

    [Fact]
    public async Task Training_text_from_a_pipe_is_read_twice_although_the_pipe_is_read_once()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "named pipes need Unix");
        var writing = NamedPipe.Write(NamedPipe.Make(_folder.PathOf("pipe")), "a b c\tx y z\na b\tx y\n");
        var piped = Prepare(Options with { Train = new("pipe") }).Train;
        await writing;
        Assert.Equal(Prepare(Options).Train.HashOfIds(), piped.HashOfIds());
    }

    [Fact]
    public void Every_stage_is_shown_with_its_total()
    {
        var watch = new Watch();
        PreparedCorpus.Prepare(
            Options,
            new SubwordOptions { Merges = 3 },
            100,
            _folder.FullName,
            watch,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(
            [
                (PreparationStage.CountingWords, 28e-6),
                (PreparationStage.LearningMerges, 3.0),
                (PreparationStage.Encoding, 4.0),
            ],
            watch.Stages
        );
        Assert.Equal([20e-6, 24e-6, 28e-6, 1, 2, 3, 2, 3, 4], watch.Reports);
    }

    private static string Words(string word, int count) => string.Join(' ', Enumerable.Repeat(word, count));

    private PreparedCorpus Prepare(DataOptions options, int maxPositions = 100) =>
        PreparedCorpus.Prepare(
            options,
            new SubwordOptions { Merges = 0 },
            maxPositions,
            _folder.FullName,
            progress: null,
            TestContext.Current.CancellationToken
        );

    private string Refused(DataOptions options) => Assert.Throws<UserErrorException>(() => Prepare(options)).Message;

    private sealed class Watch : IPreparationProgress, IProgress<double>
    {
        public List<(PreparationStage Stage, double Total)> Stages { get; } = [];

        public List<double> Reports { get; } = [];

        public Action<PreparationStage> OnStage { get; init; } = _ => { };

        public T Stage<T>(PreparationStage stage, double total, Func<IProgress<double>, T> work)
        {
            Stages.Add((stage, total));
            OnStage(stage);
            return work(this);
        }

        public void Report(double value) => Reports.Add(value);
    }

    /// <summary>Without a folder to store it in, the training set is in memory.</summary>
    private static PreparedSet Held(ITrainingSet set) => Assert.IsType<PreparedSet>(set);
}
