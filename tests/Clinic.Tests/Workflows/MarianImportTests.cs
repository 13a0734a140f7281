using System.Text.Json;
using TransformerClinic.Common;
using TransformerClinic.Decoding;
using TransformerClinic.Model;
using TransformerClinic.Runs;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Text;
using TransformerClinic.Workflows.Imports;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Workflows;

public sealed class MarianImportTests : IDisposable
{
    private static readonly string Recorded = Path.Combine(GoldenFolder.Path, "marian");

    // Marian's longest translation, in lengths of the source.
    private const int MarianLimit = 3;

    private readonly TemporaryFolder _folder = new();

    private string Output => _folder.PathOf("model");

    private string Npz => _folder.PathOf("model.npz");

    private static string Spm => Path.Combine(GoldenFolder.Path, "sentencepiece", "unigram.model");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("model.npz")]
    [InlineData("model.bin")]
    public void A_model_translates_as_Marian_itself_does(string file)
    {
        Import(Path.Combine(Recorded, file), Path.Combine(Recorded, "vocab.spm"));

        using var model = TrainedModel.Load(Output, CPU);
        using var translator = new Translator(
            model.Model,
            model.Subwords,
            new DecodingOptions
            {
                Beam = 1,
                MaxLengthA = MarianLimit,
                MaxLengthB = 1,
            }
        );
        var pairs = File.ReadLines(Path.Combine(Recorded, "translations.tsv"))
            .Select(line => line.Split('\t'))
            .ToList();
        var translations = translator.Translate(
            [.. pairs.Select(pair => pair[0])],
            cancellation: TestContext.Current.CancellationToken
        );

        Assert.True(pairs.Count >= 200, "too few translations");
        var ended = translations.Count(HasEnded);
        Assert.True(ended > 180, $"only {ended} translations ended by themselves");
        foreach (var (pair, translation) in pairs.Zip(translations))
        {
            // Marian cut the others off a token earlier.
            Assert.Equal(pair[1], HasEnded(translation) ? translation.Text : translation.Text[..pair[1].Length]);
        }

        static bool HasEnded(Translation translation) =>
            translation.Hypotheses[0].Tokens.Length <= MarianLimit * translation.Source.Length;
    }

    [Fact]
    public void Weights_come_in_to_the_bit_whatever_the_order_of_the_vocabulary()
    {
        var files = new MarianFiles([.. MarianFiles.PieceNames.Reverse()]);
        files.WriteNpz(Npz);
        File.WriteAllLines(_folder.PathOf("vocab.txt"), MarianFiles.PieceNames.Reverse());
        File.Copy(Spm, _folder.PathOf("source.spm"));
        File.Copy(Spm, _folder.PathOf("target.spm"));

        var origin = Import(Npz, _folder.PathOf("vocab.txt"));

        using var model = TrainedModel.Load(Output, CPU);
        AssertSame(files.Model, model.Model);
        Assert.Equal(("marian", "601"), (origin.Program, origin.Facts["vocabulary"]));
        Assert.Equal(["dim-rnn", "version"], origin.Ignored);
        Assert.Equal(["model", "vocabulary", "source pieces", "target pieces"], origin.Files.Select(file => file.Role));
        Assert.Equal(
            MarianFiles.Shape with
            {
                Dropout = 0.1,
                AttentionDropout = 0,
                ActivationDropout = 0,
            },
            model.Config.Model
        );
    }

    [Fact]
    public void A_vocabulary_in_yaml_orders_the_pieces_and_rows_that_none_has_stay()
    {
        string[] rows = ["</s>", "<unk>", .. MarianFiles.PieceNames.Where(piece => piece[0] != '<'), "<row 598>"];
        var files = new MarianFiles(rows);
        files.WriteNpz(Npz);
        File.WriteAllLines(
            _folder.PathOf("vocab.yml"),
            rows[..^1].Select((piece, row) => $"{JsonSerializer.Serialize(piece)}: {row}")
        );

        Import(Npz, _folder.PathOf("vocab.yml"), Spm);

        using var model = TrainedModel.Load(Output, CPU);
        AssertSame(files.Model, model.Model);
        Assert.True(float.IsNegativeInfinity(model.Model.Embeddings.OutputBias![Vocabulary.Bos].item<float>()));
        Assert.Equal("eine Datei", model.Subwords.Decode(model.Subwords.Encode("eine Datei")));
    }

    [Fact]
    public void A_folder_of_OPUS_MT_says_itself_what_belongs_to_the_model_and_how_it_translates()
    {
        new MarianFiles(MarianFiles.PieceNames).WriteNpz(Npz);
        File.WriteAllLines(
            _folder.PathOf("opus.vocab.yml"),
            MarianFiles.PieceNames.Select((piece, row) => $"{JsonSerializer.Serialize(piece)}: {row}")
        );
        File.Copy(Spm, _folder.PathOf("source.spm"));
        File.Copy(Spm, _folder.PathOf("target.spm"));
        File.WriteAllText(
            _folder.PathOf("decoder.yml"),
            "relative-paths: true\nmodels:\n  - model.npz\nvocabs:\n  - opus.vocab.yml\n  - opus.vocab.yml\n"
                + "beam-size: 6\nnormalize: 0.6\nword-penalty: 0\n"
        );

        Import(_folder.FullName, vocabulary: null);

        var found = ModelSource.Find(Output);
        Assert.Equal((6, 0.6), (found.Config.Decoding.Beam, found.Config.Decoding.LengthPenalty));
    }

    [Theory]
    [InlineData(PositionFormula.HuggingFace, false, false)]
    [InlineData(PositionFormula.HuggingFace, true, true)]
    [InlineData(PositionFormula.Marian, true, false)]
    [InlineData(PositionFormula.Fairseq, true, true)]
    public void A_folder_of_Hugging_Face_comes_in_to_the_bit_with_its_positions(
        PositionFormula formula,
        bool stored,
        bool pickled
    )
    {
        string[] rows = [.. MarianFiles.PieceNames, "<pad>"];
        var files = new MarianFiles(rows, MarianFiles.Shape with { Positions = formula, MaxPositions = 64 });
        using (no_grad())
        {
            files.Model.Embeddings.Target[Vocabulary.Pad].zero_();
        }

        HuggingFaceFolder.Write(_folder.PathOf("hf"), files, rows, stored, pickled);

        var origin = Import(_folder.PathOf("hf"), vocabulary: null);

        using var model = TrainedModel.Load(Output, CPU);
        AssertSame(files.Model, model.Model);
        Assert.Equal((formula, true), (model.Config.Model.Positions, model.Config.Model.ZeroStart));
        Assert.Equal(("de", "en"), (model.Config.SourceLanguage, model.Config.TargetLanguage));
        Assert.Equal("transformers, class marian", origin.Program);
    }

    [Fact]
    public void Separate_vocabularies_are_joined_and_pieces_of_the_source_alone_are_never_written()
    {
        var target = Path.Combine(GoldenFolder.Path, "sentencepiece", "bpe-user.model");
        var shape = MarianFiles.Shape with { SharedEmbeddings = EmbeddingSharing.Decoder };
        var files = new MarianFiles(MarianFiles.PieceNames, shape);
        var targetNames = TransformerClinic
            .Text.SentencePiece.SentencePieceModel.Load(target)
            .Pieces.Select(piece => piece.Text)
            .ToList();
        files.WriteSeparate(Npz, targetNames.Count);

        Import(Npz, Spm, targetVocabulary: target);

        using var model = TrainedModel.Load(Output, CPU);
        var bias = model.Model.Embeddings.OutputBias!.data<float>().ToArray();
        for (var id = Vocabulary.EndOfSentence; id < bias.Length; id++)
        {
            Assert.Equal(targetNames.Contains(model.Subwords.Vocabulary[id]), float.IsFinite(bias[id]));
        }
    }

    [Theory]
    [InlineData("transformer-ffn-activation: swish", "transformer-ffn-activation: gelu", "x * sigmoid(1.702 x)")]
    [InlineData("transformer-postprocess: dan", "transformer-postprocess: dhn", "'', 'dan', '' and 'n', 'da', 'n' can")]
    [InlineData("transformer-postprocess: dan", "other: dan", "'', 'dan', '' and 'n', 'da', 'n' can")]
    [InlineData("transformer-postprocess-emb: d", "transformer-postprocess-emb: dn", "only 'd' or '' can be read")]
    [InlineData("transformer-ffn-depth: 2", "transformer-ffn-depth: 3", "only '2' can be read")]
    [InlineData("dim-rnn: 1024", "right-left: true", "the model's option right-left is 'true': only 'false'")]
    [InlineData("dim-rnn: 1024", "transformer-decoder-autoreg: rnn", "only 'self-attention' can be read")]
    [InlineData("dim-rnn: 1024", "transformer-tied-layers2: 1", "is not known here: it may change what the model")]
    [InlineData("type: transformer", "type: s2s", "the model's option type is 's2s': only 'transformer' can be read")]
    [InlineData("enc-depth: 2", "enc-depth: two", "it is not a whole number")]
    [InlineData("enc-depth: 2", "enc-depth: 3", "the file has no tensor 'encoder_l3_self_Wq', which this model needs")]
    [InlineData("enc-depth: 2", "enc-depth: 1", "has a tensor 'encoder_l2_ffn_W1' that a model of these options")]
    [InlineData("transformer-dim-ffn: 24", "transformer-dim-ffn: 25", "is [16, 24], where [16, 25] is needed")]
    [InlineData("  - {1}", "  - 9", "the file has 600 pieces, but the model 9 ids: they do not belong together")]
    [InlineData("  - {1}", "", "the model has 1 vocabularies (dim-vocabs)")]
    [InlineData("enc-depth: 2", "enc-depth: [", "this is not YAML of keys and values")]
    public void What_changes_the_function_is_refused_by_name(string with, string by, string message)
    {
        var yaml = MarianFiles.Options.Replace(with, by, StringComparison.Ordinal);
        new MarianFiles(MarianFiles.PieceNames).WriteNpz(Npz, yaml.Replace("{0}", "600").Replace("{1}", "600"));

        var refused = Assert.Throws<UserErrorException>(() => Import(Npz, Spm));

        Assert.StartsWith(
            with.StartsWith("  -", StringComparison.Ordinal) && by.Length > 0 ? Spm : Npz,
            refused.Message
        );
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public void An_option_that_is_not_known_can_be_left_out_by_name()
    {
        var yaml = MarianFiles.OptionsOf(600, 600) + "\nfoo-bar: 7\n";
        new MarianFiles(MarianFiles.PieceNames).WriteNpz(Npz, yaml);

        Assert.Contains("foo-bar (7)", Assert.Throws<UserErrorException>(() => Import(Npz, Spm)).Message);
        Assert.Equal(["foo-bar"], Import(Npz, Spm, ignore: "foo-bar").Waived);
    }

    [Theory]
    [InlineData("<f2", "the tensor 'encoder_l1_self_Wq' is <f2; only float32 can be read")]
    [InlineData("|i1", "the tensor 'encoder_l1_self_Wq' is |i1; only float32 can be read")]
    public void Weights_of_other_types_are_refused(string type, string message)
    {
        new MarianFiles(MarianFiles.PieceNames).WriteNpz(
            Npz,
            type: name => name == "encoder_l1_self_Wq" ? type : "<f4"
        );

        Assert.Contains(message, Assert.Throws<UserErrorException>(() => Import(Npz, Spm)).Message);
    }

    [Fact]
    public void What_is_missing_is_named_with_the_option_that_names_it()
    {
        new MarianFiles(MarianFiles.PieceNames).WriteNpz(Npz);
        File.WriteAllLines(_folder.PathOf("vocab.txt"), MarianFiles.PieceNames);

        AssertMissing(() => Import(Npz, vocabulary: null), "name the vocabulary", "Vocabulary");
        AssertMissing(() => Import(Npz, _folder.PathOf("vocab.txt")), "there is no source.spm next to", "SourcePieces");
        AssertMissing(() => Import(_folder.PathOf("nothing"), null), "there is no such file or folder");
        AssertMissing(() => Import(_folder.FullName, null), "the folder has neither config.json");
        File.WriteAllText(_folder.PathOf("decoder.yml"), "models: [a.npz, b.npz]\nvocabs: [v.yml]\n");
        AssertMissing(() => Import(_folder.FullName, null), "it names 2 models");
    }

    [Fact]
    public void A_file_that_is_cut_off_anywhere_is_refused()
    {
        var whole = File.ReadAllBytes(Path.Combine(Recorded, "model.bin"));
        var npz = File.ReadAllBytes(Path.Combine(Recorded, "model.npz"));
        var vocabulary = Path.Combine(Recorded, "vocab.spm");
        foreach (var (bytes, name) in (IEnumerable<(byte[], string)>)[(whole, "cut.bin"), (npz, "cut.npz")])
        {
            foreach (var length in (int[])[0, 1, 7, 9, 100, 2000, bytes.Length / 2, bytes.Length - 300])
            {
                File.WriteAllBytes(_folder.PathOf(name), bytes[..length]);
                Assert.Throws<UserErrorException>(() => Import(_folder.PathOf(name), vocabulary));
            }
        }
    }

    private static void AssertMissing(Func<ModelOrigin> import, string message, params string[] options)
    {
        var refused = Assert.Throws<UserErrorException>(import);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.Equal(options, refused.Options);
    }

    private static void AssertSame(Transformer expected, Transformer actual)
    {
        using var scope = NewDisposeScope();
        foreach (var ((name, parameter), (_, other)) in expected.named_parameters().Zip(actual.named_parameters()))
        {
            Assert.True(parameter.equal(other).all().item<bool>(), name);
        }
    }

    private ModelOrigin Import(
        string model,
        string? vocabulary,
        string? pieces = null,
        string? targetVocabulary = null,
        params string[] ignore
    ) =>
        new MarianImport(
            new MarianImportOptions
            {
                Model = model,
                Vocabulary = vocabulary,
                TargetVocabulary = targetVocabulary,
                SourcePieces = pieces,
                TargetPieces = pieces,
                Ignore = ignore,
                Output = Output,
            }
        ).Run(TestContext.Current.CancellationToken);
}
