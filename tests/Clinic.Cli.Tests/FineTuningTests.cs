using System.Text.Json;

namespace TransformerClinic.Cli.Tests;

/// <summary><c>clinic train</c> with <c>training.from</c>, and the verbs that encounter such a recipe.</summary>
[Trait("Speed", "Slow")]
public sealed class FineTuningTests(TrainedTinyRun trained) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Recipe => trained.PathOf("tiny.yaml");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_starts_from_a_trained_run_on_other_text()
    {
        NumberWords.Write(_folder.PathOf("other.tsv"), lines: 80, longest: 5);
        var run = _folder.PathOf("tuned");

        // A relative path starts at the recipe's folder, which contains the trained run.
        var result = Train(
            run,
            "run",
            "--set",
            $"data.train={_folder.PathOf("other.tsv")}",
            "--set",
            "training.schedule.learningRate=1e-3",
            "--json"
        );

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("training begins from run/model (SHA-256 ", result.Error, StringComparison.Ordinal);
        Assert.Contains(
            " with its subwords; optimizer and schedule begin from the start, Admin's omegas are as trained and not "
                + "profiled again",
            result.Error,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("Admin: profiled", result.Error, StringComparison.Ordinal);
        Assert.Contains("before the first update: validation loss ", result.Error, StringComparison.Ordinal);
        using var results = JsonDocument.Parse(result.Output);
        Assert.StartsWith(
            "run/model (SHA-256 ",
            results.RootElement.GetProperty("from").GetString(),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "recipe tiny, 200 updates, BLEU ",
            results.RootElement.GetProperty("from").GetString(),
            StringComparison.Ordinal
        );
        using var from = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "from.json")));
        Assert.Equal(trained.Run, from.RootElement.GetProperty("path").GetString());
        Assert.Equal(16, from.RootElement.GetProperty("config").GetProperty("model").GetProperty("dim").GetInt32());
        Assert.StartsWith(
            "{\"kind\":\"valid\",\"step\":0,",
            File.ReadLines(Path.Combine(run, "log.jsonl")).First(),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "It began from run/model (SHA-256 ",
            File.ReadAllText(Path.Combine(run, "report.html")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_model_that_is_trained_too_hard_is_not_called_improved()
    {
        var result = Train(
            _folder.PathOf("tuned"),
            "run",
            "--set",
            "training.optimizer.name=adam",
            "--set",
            "training.schedule.learningRate=3",
            "--set",
            "training.schedule.warmUpUpdates=1"
        );

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.DoesNotContain("trained stably", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("fell from", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_starts_from_a_checkpoint_and_its_kept_recipe_can_start_the_next()
    {
        var first = Train(_folder.PathOf("first"), "run/checkpoints/update-000150");
        Assert.True(first.ExitCode == 0, first.Error);
        Assert.Contains(
            "training begins from run/checkpoints/update-000150 (SHA-256 ",
            first.Error,
            StringComparison.Ordinal
        );

        var kept = _folder.PathOf("first/recipe.yaml");
        var second = InProcess.Run(
            "train",
            kept,
            "--run",
            _folder.PathOf("second"),
            "--set",
            "training.from=model",
            "--set",
            "training.maxUpdates=3"
        );
        Assert.True(second.ExitCode == 0, second.Error);
        Assert.Contains("training begins from first/model (SHA-256 ", second.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_starts_from_a_folded_model_if_the_options_match()
    {
        var scaled = _folder.PathOf("scaled");
        string[] trainable =
        [
            "--set",
            "model.encoder.firstOmega=trainable",
            "--set",
            "model.decoder.firstOmega=trainable",
        ];
        Assert.Equal(0, InProcess.Run(["train", Recipe, "--run", scaled, .. trainable]).ExitCode);
        var folded = _folder.PathOf("folded");
        Assert.Equal(0, InProcess.Run("fold", scaled, "-o", folded).ExitCode);

        string[] plain = ["--set", "model.encoder.variant=post-ln", "--set", "model.decoder.variant=post-ln"];
        var without = Train(_folder.PathOf("tuned"), folded, plain);
        Assert.Equal(2, without.ExitCode);
        Assert.Contains(
            "model.encoder.inputScale is true in the model and false in the recipe; model.decoder.inputScale is true",
            without.Error,
            StringComparison.Ordinal
        );
        var with = Train(
            _folder.PathOf("tuned"),
            folded,
            [.. plain, "--set", "model.encoder.inputScale=true", "--set", "model.decoder.inputScale=true"]
        );
        Assert.True(with.ExitCode == 0, with.Error);
        Assert.Contains("training begins from folded (SHA-256 ", with.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("omegas", with.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "model.encoder.layers=3",
        "model.encoder.layers is 2 in the model and 3 in the recipe. Give these keys the model's values"
    )]
    [InlineData("model.dim=8", "model.dim is 16 in the model and 8 in the recipe")]
    [InlineData("model.decoder.variant=pre-ln", "model.decoder.variant is admin in the model and pre-ln in the recipe")]
    [InlineData("model.sharedEmbeddings=none", "model.sharedEmbeddings is all in the model and none in the recipe")]
    [InlineData("training.from=nowhere", "nowhere: there is no model here")]
    [InlineData("training.from=train.tsv", "train.tsv: there is no model here")]
    public void A_model_that_does_not_fit_is_refused_and_no_folder_is_created(string setting, string expected)
    {
        var result = Train(_folder.PathOf("tuned"), "run", "--set", setting);

        AssertMistake(result, expected);
        Assert.False(Directory.Exists(_folder.PathOf("tuned")));
    }

    [Fact]
    public void The_models_own_run_folder_is_not_trained_in()
    {
        var run = FolderCopy.Make(trained.Run, _folder.PathOf("own"));
        var before = File.ReadAllBytes(Path.Combine(run, "model/model.safetensors"));

        AssertMistake(Train(run, Path.Combine(run, "model")), "began from initial weights, and training.from is now");

        Assert.Equal(before, File.ReadAllBytes(Path.Combine(run, "model/model.safetensors")));
    }

    [Fact]
    public void The_other_verbs_know_such_a_recipe()
    {
        string[] from = ["--set", "training.from=run"];
        AssertMistake(
            InProcess.Run(["profile", Recipe, "-o", _folder.PathOf("profile"), .. from]),
            "training begins with that model's omegas as they were trained, and profiles nothing"
        );
        AssertMistake(
            InProcess.Run([
                "compare",
                Recipe,
                "--run",
                _folder.PathOf("compared"),
                "--variants",
                "post-ln,admin",
                .. from,
            ]),
            "a trained model has its own residual variant, so post-ln, admin cannot all begin from it"
        );
        AssertMistake(
            InProcess.Run(["diagnose", Recipe, "--before-training", .. from]),
            "the prediction is for models at their initial weights, and this one is trained"
        );
        AssertMistake(
            InProcess.Run(["diagnose", Recipe, "--seeds", "1,2", "-o", _folder.PathOf("x"), .. from]),
            "every seed begins from its weights"
        );

        var diagnosed = InProcess.Run([
            "diagnose",
            Recipe,
            "--updates",
            "3",
            "-o",
            _folder.PathOf("diagnosis"),
            "--json",
            .. from,
        ]);
        Assert.True(diagnosed.ExitCode == 0, diagnosed.Error);
        using var json = JsonDocument.Parse(diagnosed.Output);
        Assert.True(json.RootElement.GetProperty("trained").GetBoolean());
        Assert.Equal(0, json.RootElement.GetProperty("predictions").GetArrayLength());
        // A model that was trained for 200 updates knows more than frequencies: its first loss is far below an
        // untrained one's.
        var first = json
            .RootElement.GetProperty("firstUpdates")
            .GetProperty("measurements")[0]
            .GetProperty("loss")
            .GetDouble();
        var untrained = InProcess.Run(
            "diagnose",
            Recipe,
            "--updates",
            "3",
            "--seeds",
            "1",
            "-o",
            _folder.PathOf("untrained"),
            "--json"
        );
        using var initial = JsonDocument.Parse(untrained.Output);
        Assert.True(
            first
                < initial
                    .RootElement.GetProperty("firstUpdates")
                    .GetProperty("measurements")[0]
                    .GetProperty("loss")
                    .GetDouble() - 1
        );

        var compared = InProcess.Run([
            "compare",
            Recipe,
            "--run",
            _folder.PathOf("seeds"),
            "--variants",
            "admin",
            "--seeds",
            "1,2",
            "--set",
            "training.maxUpdates=2",
            .. from,
        ]);
        Assert.True(compared.ExitCode == 0, compared.Error);
    }

    [Fact]
    public void An_interrupted_fine_tuning_ends_with_the_same_bytes_even_if_the_model_is_gone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Signals cannot be sent to another process on Windows.");
        }

        var model = _folder.PathOf("model");
        Directory.CreateDirectory(model);
        foreach (var file in Directory.GetFiles(Path.Combine(trained.Run, "model")))
        {
            File.Copy(file, Path.Combine(model, Path.GetFileName(file)));
        }

        string[] Command(string run) =>
            [
                "train",
                Recipe,
                "--run",
                _folder.PathOf(run),
                "--set",
                $"training.from={model}",
                "--set",
                "threads=2",
                "--set",
                "training.maxUpdates=61",
                "--set",
                "training.accumulate=2",
            ];
        Assert.Equal(0, InProcess.Run(Command("whole")).ExitCode);
        using (var process = ClinicProcess.Start(Command("broken")))
        {
            ClinicProcess.WaitUntil(process, () => ClinicProcess.LastStep(_folder.PathOf("broken/log.jsonl")) >= 5);
            ClinicProcess.Signal(process, "TERM");
            var interrupted = ClinicProcess.Finish(process);
            Assert.True(interrupted.ExitCode == 130, $"exit code {interrupted.ExitCode}: {interrupted.Error}");
        }

        Directory.Delete(model, recursive: true);
        var resumed = InProcess.Run(Command("broken"));
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Null(
            RunFingerprint.Difference(
                RunFingerprint.Of(_folder.PathOf("whole")),
                RunFingerprint.Of(_folder.PathOf("broken"))
            )
        );
        Assert.Equal(
            0,
            InProcess.Run("average", _folder.PathOf("broken"), "--output", _folder.PathOf("averaged")).ExitCode
        );
        AssertMistake(InProcess.Run(Command("anew")), $"training.from: {model}: there is no model here");
    }

    private ClinicResult Train(string run, string from, params string[] more) =>
        InProcess.Run(["train", Recipe, "--run", run, "--set", $"training.from={from}", .. more]);

    private static void AssertMistake(ClinicResult result, string expected)
    {
        Assert.True(result.ExitCode == 2, $"exit code {result.ExitCode}: {result.Error}");
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
    }
}
