using System.Text;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Files;
using TransformerClinic.Interop.Fairseq;
using TransformerClinic.Interop.Safetensors;
using TransformerClinic.Model;
using TransformerClinic.Recipes;
using TransformerClinic.Residuals;
using TransformerClinic.Runs;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Text;
using TransformerClinic.Training;
using TransformerClinic.Training.Schedules;
using TransformerClinic.Workflows;
using TransformerClinic.Workflows.Imports;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Workflows;

public sealed class FairseqImportTests : IDisposable
{
    private static readonly string[] Source = ["haus", "das", ".", "ist", "alt", "die", "!"];
    private static readonly string[] Target = ["the", ".", "house", "is", "!", "old"];
    private static readonly long[] OnlySource = [4, 5, 7, 8, 9];

    private readonly TemporaryFolder _folder = new();

    private string Output => _folder.PathOf("model");

    [Fact]
    public void A_checkpoint_becomes_a_model_folder_with_its_weights()
    {
        var origin = Import(Recorded);

        using var model = TrainedModel.Load(Output, CPU);
        using var file = SafetensorsFile.Open(
            Path.Combine(GoldenFolder.Path, "model", "admin", "perturbed.weights.safetensors")
        );
        var weights = new FairseqWeights(file);
        Assert.All(
            model.Model.named_parameters(),
            entry => Assert.True(weights[entry.name].equal(entry.parameter).all().item<bool>(), entry.name)
        );
        Assert.Equal(ResidualVariant.Admin, model.Config.Model.Encoder.Variant);
        Assert.Equal(
            ("de", "en", 56),
            (model.Config.SourceLanguage, model.Config.TargetLanguage, model.Config.Vocabulary)
        );
        Assert.Equal(("fairseq", "adaptive"), (origin.Program, origin.Facts["initType"]));
        Assert.Contains("lr_scheduler", origin.Ignored);
        Assert.Empty(origin.Waived);
        Assert.Equal(["checkpoint", "dictionary"], origin.Files.Select(file => file.Role));
        Assert.Equal(ContentHash.OfFile(Recorded.Checkpoint), origin.Files[0].Sha256);
        Assert.Equal(Json.Text(origin), File.ReadAllText(Path.Combine(Output, ModelOrigin.FileName)));
    }

    [Fact]
    public void The_model_folder_translates()
    {
        Import(Recorded);

        using var model = TranslationModel.Load(Output);
        var translation = model.Translate("every a . every");

        Assert.NotEmpty(translation);
        Assert.All(
            translation.Split(' '),
            word => Assert.True(model.Translate(word) is not null && TextOfDictionary.Contains(word), word)
        );
    }

    [Fact]
    public void Separate_dictionaries_become_one_vocabulary_and_the_model_computes_the_same()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var trained = ImportSeparate();

        using var imported = TrainedModel.Load(Output, CPU);
        var subwords = imported.Subwords;
        Assert.Equal([4, 5, 6], subwords.Encode("haus das ."));
        Assert.Equal([11, 6, Vocabulary.Unknown], subwords.EncodeTarget("the . haus"));
        Assert.Equal([Vocabulary.Unknown, 10], subwords.Encode("house !"));

        // As it trained each side has ids of its own.
        var before = trained.Forward(Ids([4, 5, 3, 6, 2]), Ids([2, 4, 3, 5]));
        var after = imported.Model.Forward(Ids([4, 5, 3, 6, 2]), Ids([2, 11, 3, 6]));
        var joint = subwords.EncodeTarget(string.Join(' ', Target)).Select(id => (long)id).ToArray();
        var expected = before.narrow(-1, 0, Target.Length + Vocabulary.Marks);
        var found = after.index_select(
            -1,
            tensor(
                new long[] { 0, 1, 2, 3 }
                    .Concat(joint)
                    .ToArray()
            )
        );
        Assert.True((expected - found).abs().max().item<float>() < 1e-6f);
        Assert.All(OnlySource, id => Assert.True(after.select(-1, id).isneginf().all().item<bool>()));
    }

    [Fact]
    public void The_model_folder_is_fine_tuned_and_what_is_ruled_out_stays_so()
    {
        using var trained = ImportSeparate();
        using var imported = TrainedModel.Load(Output, CPU);
        var train = _folder.Write("train.tsv", "haus das .\tthe house .\ndas ist alt .\tis old .\nhaus !\thouse !\n");
        var recipe = new Recipe
        {
            Name = "tuned",
            Data = new DataOptions
            {
                Train = new(train),
                Valid = new(train),
                MaxLength = 16,
            },
            Model = imported.Config.Model,
            Training = new TrainingOptions
            {
                From = Output,
                MaxUpdates = 8, // RAdam waits for five
                TokensPerBatch = 60,
                Schedule = new ScheduleOptions { LearningRate = 1e-2, WarmUpUpdates = 1 },
                Average = 1,
            },
        };
        var run = _folder.PathOf("tuned");
        Assert.NotNull(new TrainingRun(recipe, run, new QuietConsole()).Run(CancellationToken.None));

        using var tuned = TrainedModel.Load(run, CPU);
        Assert.True(tuned.Subwords.IsSameAs(imported.Subwords));
        Assert.False(tuned.Model.Embeddings.Target.equal(imported.Model.Embeddings.Target).all().item<bool>());
        var ruledOut = tuned.Model.Embeddings.RuledOut()!;
        Assert.Equal(
            OnlySource,
            Enumerable.Range(0, tuned.Config.Vocabulary).Where(id => ruledOut[id].item<bool>()).Select(id => (long)id)
        );
    }

    [Fact]
    public void SentencePiece_cuts_the_text_into_pieces_of_the_dictionary()
    {
        using var small = SmallModel.Create(ResidualVariant.PostLn);
        var checkpoint = _folder.PathOf("x.pt");
        var weights = FairseqPickle.Weights(small);
        weights[0] = (weights[0].Name, weights[0].Value.narrow(0, 0, 7));
        FairseqPickle.Write(checkpoint, FairseqPickle.Options(small.Options), weights);
        Import(
            new FairseqImportOptions
            {
                Checkpoint = checkpoint,
                Dictionary = Dictionary("de", ["us", "\u2581das", "\u2581ha"]),
                SentencePiece = _folder.Write("spm.model", Unigrams("\u2581das", "\u2581ha", "us")),
                Output = Output,
            }
        );

        var subwords = SubwordModel.Load(Path.Combine(Output, "subwords.json"));
        Assert.Equal([5, 6, 4], subwords.Encode("das haus"));
        Assert.Equal("das haus", subwords.Decode([5, 6, 4]));
    }

    [Fact]
    public void Merges_cut_the_text()
    {
        var codes = _folder.Write("codes", "#version: 0.2\nh a\nha u\n");
        var pieces = Dictionary("de", ["hau@@", "s", "u@@", "n"]);
        using var model = SmallModel.Create(ResidualVariant.PostLn);
        var checkpoint = _folder.PathOf("x.pt");
        var weights = FairseqPickle.Weights(model);
        weights[0] = (weights[0].Name, weights[0].Value.narrow(0, 0, 8));
        FairseqPickle.Write(checkpoint, FairseqPickle.Options(model.Options), weights);
        Import(
            new FairseqImportOptions
            {
                Checkpoint = checkpoint,
                Dictionary = pieces,
                Codes = codes,
                Output = Output,
            }
        );

        var subwords = SubwordModel.Load(Path.Combine(Output, "subwords.json"));
        Assert.Equal([4, 5, 6, 7], subwords.Encode("haus un"));
        Assert.Equal("haus un", subwords.Decode([4, 5, 6, 7, 2]));
    }

    [Fact]
    public void What_does_not_belong_together_is_refused_and_nothing_is_written()
    {
        AssertRefused(
            Recorded with
            {
                Dictionary = Dictionary("de", ["a", "b"]),
            },
            "the source's dictionary has 6 pieces with the four marks, the checkpoint's encoder.embed_tokens.weight "
                + "the shape [56, 32]; they do not belong together."
        );
        AssertRefused(
            Recorded with
            {
                TargetDictionary = Dictionary("en", ["a", "b"]),
            },
            "shares one embedding between source and target"
        );
        AssertRefused(
            Recorded with
            {
                Codes = _folder.Write("spm.model", "\n"),
                Pretokenized = false,
            },
            "this looks like a model of SentencePiece; name it as one"
        );
        AssertRefused(Recorded with { Codes = "codes" }, "pretokenized: set one of them");
        AssertRefused(Recorded with { Pretokenized = false }, "pretokenized: set one of them");
        AssertRefused(Recorded with { Checkpoint = _folder.PathOf("none.pt") }, "there is no such file");
        AssertRefused(Recorded with { Dictionary = _folder.PathOf("none.txt") }, "there is no such file");
    }

    [Fact]
    public void Weights_that_are_not_numbers_are_refused()
    {
        using var model = SmallModel.Create(ResidualVariant.PostLn);
        var weights = FairseqPickle.Weights(model);
        weights[3] = (weights[3].Name, weights[3].Value.mul(float.NaN));
        var checkpoint = _folder.PathOf("x.pt");
        FairseqPickle.Write(checkpoint, FairseqPickle.Options(model.Options), weights);

        AssertRefused(
            Recorded with
            {
                Checkpoint = checkpoint,
                Dictionary = Dictionary("de", [.. Enumerable.Range(4, SmallModel.Words - 4).Select(i => $"w{i}")]),
            },
            $"the tensor '{weights[3].Name}' holds values that are not numbers"
        );
    }

    [Fact]
    public void A_small_file_cannot_ask_for_a_large_model()
    {
        using var model = SmallModel.Create(ResidualVariant.PostLn);
        foreach (
            var (name, value, reason) in new (string, object, string)[]
            {
                ("encoder_layers", 1000L, "describe a model with more weights than it has"),
                ("max_source_positions", 1L << 20, "a table larger than its weights"),
                ("max_source_positions", 1L << 40, "where a whole number is needed"),
                ("encoder_attention_heads", 0L, "is not possible"),
            }
        )
        {
            var options = FairseqPickle.Options(model.Options);
            options.Entries.Add((name, value));
            options.Entries.Add(("decoder_attention_heads", options["encoder_attention_heads"]));
            var checkpoint = _folder.PathOf("x.pt");
            FairseqPickle.Write(checkpoint, options, FairseqPickle.Weights(model));

            AssertRefused(Recorded with { Checkpoint = checkpoint }, reason);
        }
    }

    [Fact]
    public void A_folder_of_something_else_is_left_alone()
    {
        _folder.Write("model/letter.txt", "mine");

        Assert.Contains(
            "contains something other than a model",
            Assert.Throws<UserErrorException>(() => Import(Recorded)).Message,
            StringComparison.Ordinal
        );
        Assert.Equal("mine", File.ReadAllText(_folder.PathOf("model/letter.txt")));
    }

    public void Dispose() => _folder.Dispose();

    private static HashSet<string> TextOfDictionary { get; } =
    [
        .. FairseqDictionary
            .Read(Path.Combine(GoldenFolder.Path, "model", "dict.txt"))
            .Pieces.OfType<string>()
            .Append("<unk>"),
    ];

    private FairseqImportOptions Recorded =>
        new()
        {
            Checkpoint = Path.Combine(GoldenFolder.Path, "checkpoints", "admin.perturbed.clinic.pt"),
            Dictionary = Path.Combine(GoldenFolder.Path, "model", "dict.txt"),
            Pretokenized = true,
            Output = Output,
        };

    private static ModelOrigin Import(FairseqImportOptions options) =>
        new FairseqImport(options).Run(CancellationToken.None);

    /// <summary>A unigram model of SentencePiece: its marks and these pieces.</summary>
    private static byte[] Unigrams(params string[] pieces) =>
        [
            .. new[] { "<unk>", "<s>", "</s>" }
                .Concat(pieces)
                .SelectMany(
                    (piece, i) =>
                    {
                        var text = Encoding.UTF8.GetBytes(piece);
                        var type = (byte)(
                            i switch
                            {
                                0 => 2,
                                < 3 => 3,
                                _ => 1,
                            }
                        );
                        byte[] entry = [0x0a, (byte)text.Length, .. text, 0x15, 0, 0, 0x80, 0xbf, 0x18, type];
                        return (byte[])[0x0a, (byte)entry.Length, .. entry];
                    }
                ),
        ];

    /// <summary>
    /// Imports a model with a dictionary of 7 pieces for the source and of 6 for the target, 2 of them the same, and
    /// gives it as it was trained.
    /// </summary>
    private Transformer ImportSeparate()
    {
        var options = SmallModel.Options(ResidualVariant.PostLn) with { SharedEmbeddings = EmbeddingSharing.None };
        var trained = new Transformer(options, Source.Length + Vocabulary.Marks, Vocabulary.Pad, seed: 3);
        var weights = FairseqPickle
            .Weights(trained)
            .Select(weight =>
                weight.Name is FairseqNames.TargetEmbedding or FairseqNames.OutputProjection
                    ? (weight.Name, weight.Value.narrow(0, 0, Target.Length + Vocabulary.Marks))
                    : weight
            )
            .ToList();
        var checkpoint = _folder.PathOf("x.pt");
        FairseqPickle.Write(checkpoint, FairseqPickle.Options(options), weights);
        Import(
            new FairseqImportOptions
            {
                Checkpoint = checkpoint,
                Dictionary = Dictionary("de", Source),
                TargetDictionary = Dictionary("en", Target),
                Pretokenized = true,
                Output = Output,
            }
        );
        return trained;
    }

    private void AssertRefused(FairseqImportOptions options, string reason)
    {
        Assert.Contains(
            reason,
            Assert.Throws<UserErrorException>(() => Import(options)).Message,
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists(Output));
    }

    private string Dictionary(string language, string[] pieces) =>
        _folder.Write($"dict.{language}.txt", string.Concat(pieces.Select(piece => $"{piece} 1\n")));

    private static Tensor Ids(long[] ids) => tensor(ids).unsqueeze(0);
}
