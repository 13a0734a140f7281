using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Files;
using TransformerClinic.Model;
using TransformerClinic.Reports;
using TransformerClinic.Residuals;
using TransformerClinic.Runs;
using TransformerClinic.Runs.Certificates;
using TransformerClinic.Tests.Folding;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Text;
using TransformerClinic.Workflows.Exports;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Workflows.Exports;

[Trait("Speed", "Slow")]
public sealed class ExportRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly QuietConsole _console = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Output => _folder.PathOf("exported");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("onnx", "admin")]
    [InlineData("onnx", "admin-trainable-first")]
    [InlineData("onnx", "admin-untied")]
    [InlineData("hf", "admin")]
    [InlineData("fairseq", "admin")]
    [InlineData("ctranslate2", "admin")]
    [InlineData("ctranslate2", "admin-trainable-first")]
    [InlineData("ctranslate2", "admin-untied")]
    public void An_export_computes_what_the_model_computes(string target, string name)
    {
        var certificate = Run(Options(target, name));

        Assert.True(certificate.Holds, certificate.Verdict);
        var comparison = certificate.Comparison!;
        Assert.Equal(5, comparison.Translations.Sentences);
        Assert.Equal(5, comparison.Translations.Identical + comparison.Translations.Differing.Count);
        Assert.Equal(5, comparison.Logits.Sentences);
        Assert.InRange(comparison.Logits.Difference.Relative, 0, 1e-5);
        Assert.Equal(target != "onnx", certificate.Folded is not null);
        Assert.Equal(ContentHash.OfFile(_folder.PathOf("model/model.safetensors")), certificate.Original.Sha256);
        Assert.Equal(Json.Text(certificate), File.ReadAllText(Path.Combine(Output, "certificate.json")));
        Assert.Equal(
            certificate.Files.Select(file => file.Name).Append("certificate.json").Order(StringComparer.Ordinal),
            Directory
                .EnumerateFiles(Output, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(Output, path))
                .Order(StringComparer.Ordinal)
        );
        Assert.All(
            certificate.Files,
            file => Assert.Equal(ContentHash.OfFile(Path.Combine(Output, file.Name)), file.Sha256)
        );
    }

    [Theory]
    [InlineData("onnx")]
    [InlineData("ctranslate2")]
    [InlineData("marian")]
    public void A_model_of_marians_kind_goes_everywhere_but_to_fairseq(string target)
    {
        var options = Foldable.Options("admin/post-ln") with
        {
            Activation = Activation.Swish,
            OutputBias = true,
            ZeroStart = true,
            Positions = PositionFormula.Marian,
        };

        var certificate = Run(Options(target, options));

        Assert.True(certificate.Holds, certificate.Verdict);
        Assert.Contains(
            "fairseq cannot hold this model",
            Mistake(Options("fairseq", options) with { Output = _folder.PathOf("other") }),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("onnx", ResidualVariant.Keel)]
    [InlineData("hf", ResidualVariant.Admin)]
    [InlineData("hf", ResidualVariant.PreLn)]
    [InlineData("ctranslate2", ResidualVariant.PreLn)]
    [InlineData("fairseq", ResidualVariant.PostLn)]
    public void Word_vectors_of_a_fixed_length_go_everywhere_with_that_length(string target, ResidualVariant variant)
    {
        var certificate = Run(Options(target, SmallModel.Options(variant) with { FixNorm = true }));

        Assert.True(certificate.Holds, certificate.Verdict);
        Assert.InRange(certificate.Comparison!.Logits.Difference.Relative, 0, 1e-5);
        Assert.True(certificate.FixNorm);
        Assert.Contains("(FixNorm)", ExportSummary.Text(certificate, Output), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("onnx")]
    [InlineData("hf")]
    [InlineData("ctranslate2")]
    public void Int8_is_reported_and_not_judged(string target)
    {
        var certificate = Run(Options(target, "admin") with { Int8 = true });

        Assert.True(certificate.Holds);
        Assert.InRange(certificate.Int8!.Logits.Difference.Relative, 1e-6, 0.5);
        Assert.NotNull(certificate.Int8.Bleu);
        Assert.Equal(target == "ctranslate2", certificate.Comparison is null);
    }

    [Fact]
    public void A_pre_ln_model_goes_to_the_class_that_normalizes_first()
    {
        var certificate = Run(Options("hf", SmallModel.Options(ResidualVariant.PreLn)));

        Assert.True(certificate.Holds, certificate.Verdict);
        Assert.Null(certificate.Folded);
        Assert.Contains("\"m2m_100\"", File.ReadAllText(Path.Combine(Output, "config.json")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hf", "admin-trainable-first", "has a scale, left by its first connection", "onnx or ctranslate2")]
    [InlineData("hf", "deep-norm", "has a scale, left by its first connection", "onnx or ctranslate2")]
    [InlineData("hf", "admin-untied", "output projection is a matrix of its own", "onnx or ctranslate2 or fairseq")]
    public void What_a_target_cannot_hold_is_refused_with_the_targets_that_can(
        string target,
        string name,
        string reason,
        string others
    )
    {
        var refusal = Mistake(Options(target, name));

        Assert.Contains($"{target} cannot hold this model: ", refusal, StringComparison.Ordinal);
        Assert.Contains(reason, refusal, StringComparison.Ordinal);
        Assert.EndsWith($"Export it to {others} instead.", refusal, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public void Rezero_has_no_normalization_so_only_a_graph_holds_it()
    {
        var refusal = Mistake(Options("ctranslate2", SmallModel.Options(ResidualVariant.Rezero)));

        Assert.EndsWith("Export it to onnx instead.", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_decoder_that_starts_from_nothing_needs_an_embedding_of_padding_that_is_zero()
    {
        var refusal = Mistake(Options("hf", SmallModel.Options(ResidualVariant.PostLn) with { ZeroStart = true }));

        Assert.Contains("there from padding's, which is not zero", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void The_class_fsmt_does_not_tie_tables_that_differ()
    {
        var model = SmallModel.Options(ResidualVariant.PostLn) with { SharedEmbeddings = EmbeddingSharing.Decoder };

        var certificate = Run(
            Options("hf", model) with
            {
                Class = TransformerClinic.Interop.HuggingFace.HuggingFaceClass.Fsmt,
            }
        );

        Assert.True(certificate.Holds, certificate.Verdict);
        var config = Json.ReadForeign<Dictionary<string, object>>(Path.Combine(Output, "config.json"));
        Assert.Equal("False", $"{config["tie_word_embeddings"]}");
        Assert.Contains("up to 4.45", File.ReadAllText(Path.Combine(Output, "README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_that_normalizes_elsewhere_is_refused()
    {
        var refusal = Mistake(
            Options("hf", "admin") with
            {
                Class = TransformerClinic.Interop.HuggingFace.HuggingFaceClass.M2m100,
            }
        );

        Assert.Contains("the class m2m100 normalizes before each sublayer", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void An_export_that_computes_something_else_is_found_out_and_leaves_what_was_there()
    {
        var options = Options("ctranslate2", "admin");
        Run(options);
        var before = File.ReadAllBytes(Path.Combine(Output, "model.bin"));

        var certificate = new ExportRun(options, _console, new ForgetfulExport()).Run(Cancellation);

        Assert.False(certificate.Holds);
        Assert.Contains("does not compute", certificate.Verdict, StringComparison.Ordinal);
        Assert.Contains(
            $"nothing was written to {Output}",
            ExportSummary.Text(certificate, Output),
            StringComparison.Ordinal
        );
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(Output, "model.bin")));
    }

    [Fact]
    public void Without_a_text_the_certificate_says_that_nothing_was_compared()
    {
        var certificate = Run(Options("onnx", "admin") with { Check = null });

        Assert.Null(certificate.Comparison);
        Assert.StartsWith(
            "Nothing was compared: this model is not in a run folder",
            certificate.Verdict,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Subwords_are_compared_on_the_sentences_of_both_languages()
    {
        var certificate = Run(Options("sentencepiece", "admin"));

        var subwords = certificate.Subwords!;
        Assert.True(certificate.Holds);
        Assert.True(subwords.Sentences > 10);
        Assert.Equal(subwords.Sentences, subwords.Identical);
        Assert.StartsWith(
            "The exported subwords are those of the original",
            certificate.Verdict,
            StringComparison.Ordinal
        );
        var differing = new DifferingSubwords("text", Reason: null);
        Assert.False((certificate with { Subwords = subwords with { Differing = [differing] } }).Holds);
        Assert.True(
            (certificate with { Subwords = subwords with { Differing = [differing with { Reason = "x" }] } }).Holds
        );
    }

    [Fact]
    public void The_number_of_threads_changes_no_byte()
    {
        var options = Options("onnx", "admin") with { Threads = 1 };

        Run(options);
        Run(options with { Threads = 3, Output = _folder.PathOf("again") });

        foreach (var file in Directory.EnumerateFiles(Output, "*", SearchOption.AllDirectories))
        {
            var other = Path.Combine(_folder.PathOf("again"), Path.GetRelativePath(Output, file));
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(other));
        }
    }

    [Fact]
    public void A_folder_of_other_files_is_never_replaced_and_an_earlier_export_is()
    {
        var options = Options("onnx", "admin");
        Run(options);
        Run(options);
        var letter = _folder.Write("exported/onnx/letter.txt", "Dear");

        var refusal = Mistake(options);

        Assert.Contains("something other than an export of this kind", refusal, StringComparison.Ordinal);
        Assert.Contains("onnx/letter.txt", refusal, StringComparison.Ordinal);
        Assert.Equal("Dear", File.ReadAllText(letter));
        Assert.Contains(
            "something other than",
            Mistake(options with { Output = _folder.PathOf("model") }),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Stopped_half_way_it_leaves_nothing()
    {
        Assert.Throws<OperationCanceledException>(() =>
            new ExportRun(Options("onnx", "admin"), _console).Run(new CancellationToken(canceled: true))
        );
        Assert.False(Directory.Exists(Output));
        Assert.DoesNotContain(
            Directory.GetDirectories(_folder.FullName),
            path => Path.GetFileName(path).StartsWith('.')
        );
    }

    private ExportCertificate Run(ExportOptions options) => new ExportRun(options, _console).Run(Cancellation);

    private string Mistake(ExportOptions options) => Assert.Throws<UserErrorException>(() => Run(options)).Message;

    private ExportOptions Options(string target, string name) => Options(target, Foldable.Options(name));

    private ExportOptions Options(string target, ModelOptions model)
    {
        SavedModel.Write(_folder.PathOf("model"), model);
        return new ExportOptions
        {
            Target = Enum.Parse<ExportTarget>(target, ignoreCase: true),
            Model = _folder.PathOf("model"),
            Output = Output,
            Check = new ParallelFiles(_folder.Write("test.tsv", SavedModel.Pairs)),
        };
    }

    /// <summary>Leaves out a bias.</summary>
    private sealed class ForgetfulExport : ModelExport
    {
        private readonly CTranslate2Export _export = new(int8: false);

        protected override IReadOnlyList<string> Files(ModelConfig config) => [.. _export.Contents(config).Files];

        public override string? Obstacle(Transformer model) => _export.Obstacle(model);

        public override void Write(string folder, ModelConfig config, BytePairModel subwords, Transformer model)
        {
            using var noGradient = no_grad();
            var bias = ((FeedForward)model.Decoder.Layers[0].FeedForward.Branch).Inner.Bias;
            using var kept = bias.detach().clone();
            bias.zero_();
            _export.Write(folder, config, subwords, model);
            bias.copy_(kept);
        }

        public override ExportedModel? Open(string folder, ModelConfig config, Transformer model) =>
            _export.Open(folder, config, model);
    }
}
