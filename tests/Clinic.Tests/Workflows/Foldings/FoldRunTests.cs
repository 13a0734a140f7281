using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Decoding;
using TransformerClinic.Files;
using TransformerClinic.Folding;
using TransformerClinic.Model;
using TransformerClinic.Reports;
using TransformerClinic.Residuals;
using TransformerClinic.Runs;
using TransformerClinic.Runs.Certificates;
using TransformerClinic.Workflows.Foldings;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Workflows.Foldings;

[Trait("Speed", "Slow")]
public sealed class FoldRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly QuietConsole _console = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Output => _folder.PathOf("folded");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_folded_folder_holds_a_plain_model_that_translates_the_same_and_its_certificate()
    {
        var options = Options("deep-norm/admin-trainable-first") with { Test = Pairs() };

        var certificate = new FoldRun(options, _console).Run(Cancellation);

        Assert.True(certificate.Holds, certificate.Verdict);
        Assert.Equal("model", certificate.Source);
        Assert.Equal(ContentHash.OfFile(Path.Combine(options.Model, "model.safetensors")), certificate.Original.Sha256);
        Assert.Equal(ContentHash.OfFile(Path.Combine(Output, "model.safetensors")), certificate.Folded.Sha256);
        Assert.Equal(new FileInfo(Path.Combine(Output, "model.safetensors")).Length, certificate.Folded.Bytes);
        Assert.Equal(certificate.Original.Parameters - (6 * 16) + (2 * 16), certificate.Folded.Parameters);
        Assert.Equal(
            [ResidualVariant.DeepNorm, ResidualVariant.Admin],
            certificate.Stacks.Select(stack => stack.Variant)
        );
        Assert.Equal([new CertifiedFile("test.tsv", ContentHash.OfFile(options.Test!.Paths[0]))], certificate.Text);
        Assert.Equal(5, certificate.Logits.Sentences);
        Assert.Equal(
            SavedModel.Lines.Where(line => line.Length > 0).Sum(line => SavedModel.Subwords.Encode(line).Length + 1),
            certificate.Logits.Tokens
        );
        Assert.True(certificate.Logits.Algebra.Relative < 1e-13, $"{certificate.Logits.Algebra}");
        Assert.True(certificate.Logits.Rounding.Relative is > 1e-10 and < 1e-5, $"{certificate.Logits.Rounding}");
        Assert.True(certificate.Logits.InUse.Relative is > 1e-10 and < 1e-4, $"{certificate.Logits.InUse}");
        Assert.Equal((5, 5), (certificate.Translations.Sentences, certificate.Translations.Identical));
        Assert.Equal(Json.Text(certificate), File.ReadAllText(Path.Combine(Output, "certificate.json")));
        Assert.Equal(
            Json.Text(certificate),
            Json.Text(Json.Read<FoldingCertificate>(Path.Combine(Output, "certificate.json")))
        );
        Assert.Equal(
            ["translating with the original", "comparing logits", "translating with the folded model"],
            _console.Works
        );

        using var folded = TrainedModel.Load(Output, CPU);
        Assert.Equal(
            (ResidualVariant.PostLn, ResidualVariant.PostLn),
            (folded.Config.Model.Encoder.Variant, folded.Config.Model.Decoder.Variant)
        );
        Assert.Null(folded.Config.Profile);
        Assert.Equal(Translations(options.Model), Translations(Output));
    }

    [Fact]
    public void Without_targets_logits_are_compared_along_the_models_own_translations()
    {
        var certificate = new FoldRun(
            Options("rezero-post-ln") with
            {
                Source = _folder.Write("test.src", string.Join('\n', SavedModel.Lines)),
            },
            _console
        ).Run(Cancellation);

        Assert.True(certificate.Holds, certificate.Verdict);
        Assert.Equal(5, certificate.Logits.Sentences);
        Assert.Equal("test.src", Assert.Single(certificate.Text).Name);
        Assert.Single(
            _console.Said,
            line => line.StartsWith("logits are compared without 1 of 6 sentences", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void The_number_of_threads_changes_no_byte()
    {
        var options = Options("analytic-trainable-vector") with { Test = Pairs(), Threads = 1 };

        new FoldRun(options, _console).Run(Cancellation);
        new FoldRun(options with { Threads = 3, Output = _folder.PathOf("again") }, _console).Run(Cancellation);

        foreach (var file in new[] { "model.safetensors", "config.json", "subwords.json", "certificate.json" })
        {
            Assert.Equal(
                File.ReadAllBytes(Path.Combine(Output, file)),
                File.ReadAllBytes(_folder.PathOf($"again/{file}"))
            );
        }
    }

    [Fact]
    public void A_fold_that_is_not_equal_is_found_out_and_leaves_what_was_there()
    {
        var options = Options("admin") with { Test = Pairs() };
        new FoldRun(options, _console).Run(Cancellation);
        var before = File.ReadAllBytes(Path.Combine(Output, "model.safetensors"));

        var certificate = new FoldRun(options, _console, ForgetOneBias).Run(Cancellation);

        Assert.False(certificate.Holds);
        Assert.Contains("is not equal", certificate.Verdict, StringComparison.Ordinal);
        Assert.True(certificate.Logits.Algebra.Relative > 1e-3);
        Assert.Contains(
            $"nothing was written to {Output}",
            FoldingSummary.Text(certificate, Output),
            StringComparison.Ordinal
        );
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(Output, "model.safetensors")));
        Assert.DoesNotContain(
            Directory.GetFileSystemEntries(Path.GetDirectoryName(Output)!),
            path => Path.GetFileName(path).StartsWith('.')
        );

        static FoldedModel ForgetOneBias(Transformer model)
        {
            var folded = ResidualFolding.Fold(model);
            using var noGradient = no_grad();
            ((FeedForward)folded.Model.Decoder.Layers[0].FeedForward.Branch).Inner.Bias.zero_();
            return folded;
        }
    }

    [Fact]
    public void Without_a_run_or_a_text_there_is_nothing_to_try_it_on()
    {
        var options = Options("admin");
        Assert.Contains("Name sentence pairs to compare them on", Mistake(options), StringComparison.Ordinal);
        Assert.Contains(
            "name one of them",
            Mistake(options with { Test = new("a"), Source = "b" }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "no sentence here can be translated",
            Mistake(options with { Source = _folder.Write("empty.src", "\n\n") }),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "folding.batches is '0'; it must be a whole number from 1",
            Mistake(options with { Batches = 0 }),
            StringComparison.Ordinal
        );
        Assert.Contains("nothing to fold", Mistake(Options("post-ln")), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public void A_folder_of_other_files_is_never_replaced_and_an_earlier_folding_is()
    {
        var options = Options("admin") with { Test = Pairs() };
        var letter = _folder.Write("folded/letter.txt", "Dear");
        Assert.Contains("something other than a folded model", Mistake(options), StringComparison.Ordinal);
        _folder.Write("folded/certificate.json", "{}");
        Assert.Contains("something other than a folded model", Mistake(options), StringComparison.Ordinal);
        Assert.Contains(
            "so it is not a folded model",
            Mistake(options with { Output = options.Model }),
            StringComparison.Ordinal
        );
        Assert.Contains("is a file", Mistake(options with { Output = letter }), StringComparison.Ordinal);
        Assert.Equal("Dear", File.ReadAllText(letter));

        File.Delete(letter);
        Assert.Contains("so it is not a folded model", Mistake(options), StringComparison.Ordinal);
        Directory.Delete(Output, recursive: true);
        Assert.True(new FoldRun(options, _console).Run(Cancellation).Holds);
        Assert.True(new FoldRun(options, _console).Run(Cancellation).Holds);
    }

    [Fact]
    public void Stopped_half_way_it_leaves_nothing()
    {
        Assert.Throws<OperationCanceledException>(() =>
            new FoldRun(Options("admin") with { Test = Pairs() }, _console).Run(new CancellationToken(canceled: true))
        );
        Assert.Equal(
            ["model", "test.tsv"],
            Directory
                .GetFileSystemEntries(_folder.FullName)
                .Select(path => Path.GetFileName(path))
                .Order(StringComparer.Ordinal)
        );
    }

    private string Mistake(FoldOptions options) =>
        Assert.Throws<UserErrorException>(() => new FoldRun(options, _console).Run(Cancellation)).Message;

    private ParallelFiles Pairs() => new(_folder.Write("test.tsv", SavedModel.Pairs));

    private FoldOptions Options(string name)
    {
        SavedModel.Write(_folder.PathOf("model"), name);
        return new FoldOptions { Model = _folder.PathOf("model"), Output = Output };
    }

    private static IEnumerable<string> Translations(string folder)
    {
        using var trained = TrainedModel.Load(folder, CPU);
        using var translator = new Translator(trained.Model, trained.Subwords, trained.Config.Decoding, workers: 1);
        return
        [
            .. translator
                .Translate(SavedModel.Lines, cancellation: Cancellation)
                .Select(translation => translation.Text),
        ];
    }
}
