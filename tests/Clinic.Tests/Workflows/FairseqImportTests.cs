using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Interop.Fairseq;
using TransformerClinic.Interop.Safetensors;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Runs;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Text;
using TransformerClinic.Workflows.Imports;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Workflows;

public sealed class FairseqImportTests : IDisposable
{
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

        // The source has 7 pieces, the target 6; 2 are the same. As it trained: each side with ids of its own.
        string[] source = ["haus", "das", ".", "ist", "alt", "die", "!"];
        string[] target = ["the", ".", "house", "is", "!", "old"];
        var options = SmallModel.Options(ResidualVariant.PostLn) with { SharedEmbeddings = EmbeddingSharing.None };
        using var trained = new Transformer(options, source.Length + Vocabulary.Marks, Vocabulary.Pad, seed: 3);
        var weights = FairseqPickle
            .Weights(trained)
            .Select(weight =>
                weight.Name is FairseqNames.TargetEmbedding or FairseqNames.OutputProjection
                    ? (weight.Name, weight.Value.narrow(0, 0, target.Length + Vocabulary.Marks))
                    : weight
            )
            .ToList();
        var checkpoint = _folder.PathOf("x.pt");
        FairseqPickle.Write(checkpoint, FairseqPickle.Options(options), weights);
        Import(
            new FairseqImportOptions
            {
                Checkpoint = checkpoint,
                Dictionary = Dictionary("de", source),
                TargetDictionary = Dictionary("en", target),
                Pretokenized = true,
                Output = Output,
            }
        );

        using var imported = TrainedModel.Load(Output, CPU);
        var subwords = imported.Subwords;
        Assert.Equal([4, 5, 6], subwords.Encode("haus das ."));
        Assert.Equal([11, 6, Vocabulary.Unknown], subwords.EncodeTarget("the . haus"));
        Assert.Equal([Vocabulary.Unknown, 10], subwords.Encode("house !"));

        var before = trained.Forward(Ids([4, 5, 3, 6, 2]), Ids([2, 4, 3, 5]));
        var after = imported.Model.Forward(Ids([4, 5, 3, 6, 2]), Ids([2, 11, 3, 6]));
        var joint = subwords.EncodeTarget(string.Join(' ', target)).Select(id => (long)id).ToArray();
        var expected = before.narrow(-1, 0, target.Length + Vocabulary.Marks);
        var found = after.index_select(
            -1,
            tensor(
                new long[] { 0, 1, 2, 3 }
                    .Concat(joint)
                    .ToArray()
            )
        );
        Assert.True((expected - found).abs().max().item<float>() < 1e-6f);
        Assert.All([4L, 5, 7, 8, 9], id => Assert.True(after.select(-1, id).isneginf().all().item<bool>()));
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
            "the source's dictionary has 6 pieces with the four marks, the checkpoint's encoder.embed_tokens.weight the "
                + "shape [56, 32]; they do not belong together."
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
            "SentencePiece"
        );
        AssertRefused(Recorded with { Codes = "codes" }, "name one of them");
        AssertRefused(Recorded with { Pretokenized = false }, "codes is missing");
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
