using System.Text.Json;

namespace TransformerClinic.Cli.Tests.Commands;

[Trait("Speed", "Slow")]
public class DiagnoseCommandTests
{
    [Fact]
    public void A_recipe_is_examined_in_words_tables_figures_and_a_page()
    {
        using var tiny = new TinyRun();
        var folder = tiny.PathOf("diagnosis");

        var result = ClinicProcess.Run(
            "diagnose",
            tiny.Recipe,
            "-o",
            folder,
            "--seeds",
            "1,2",
            "--updates",
            "4",
            "--set",
            "model.encoder.variant=post-ln",
            "--set",
            "model.decoder.variant=post-ln"
        );

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("A 2+2-layer Post-LN Transformer without Admin ", result.Output, StringComparison.Ordinal);
        Assert.Contains("of 8 curves of 2 models", result.Output, StringComparison.Ordinal);
        Assert.Contains("In action: after 4 updates", result.Output, StringComparison.Ordinal);
        string[] figures =
        [
            "output-change",
            "dependency-encoder",
            "dependency-decoder",
            "gradients",
            "magnitudes",
            "attention-entropy",
            "dead-units",
            "token-similarity",
            "state-variance",
            "shortcut-gradients",
            "drift",
            "gradients-and-updates",
        ];
        Assert.All(
            figures.SelectMany(name => new[] { $"{name}.svg", $"{name}.png", $"{name}.csv" }),
            name => Assert.True(new FileInfo(Path.Combine(folder, name)).Length > 50, name)
        );
        var page = File.ReadAllText(Path.Combine(folder, "diagnosis.html"));
        Assert.All(figures, name => Assert.Contains($"id=\"{name}\"", page, StringComparison.Ordinal));
        Assert.DoesNotContain("src=\"http", page, StringComparison.Ordinal);
        Assert.Contains("Along the depth", page, StringComparison.Ordinal);
        Assert.Contains("Tokens of a sentence have a mean cosine of 0.", result.Output, StringComparison.Ordinal);
        Assert.Contains("through only its shortcuts, the product of", result.Output, StringComparison.Ordinal);
        Assert.Equal(1 + (2 * (4 + 6)), File.ReadLines(Path.Combine(folder, "measured-depth.csv")).Count());
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "diagnosis.json")));
        var depth = json.RootElement.GetProperty("decoder").GetProperty("depth");
        Assert.Equal(6, depth.GetProperty("similarity").GetArrayLength());
        Assert.Equal(1, depth.GetProperty("gradientThroughShortcuts")[5].GetDouble(), 1e-9);
        Assert.Equal(0, depth.GetProperty("removalDamage").GetArrayLength());
        Assert.Equal(2, json.RootElement.GetProperty("predictions").GetArrayLength());
        Assert.Equal(1 + (2 * 5 * (4 + 6)), File.ReadLines(Path.Combine(folder, "measured-output-change.csv")).Count());
    }

    [Fact]
    public void A_diagnosis_leaves_nothing_of_an_earlier_one_in_its_folder()
    {
        using var tiny = new TinyRun();
        string[] shorter = ["--seeds", "1", "--updates", "0", "--perturbations", "1", "--set", "model.activation=gelu"];
        string[] Files(string folder) =>
            [
                .. Directory
                    .GetFiles(tiny.PathOf(folder))
                    .Select(path => Path.GetFileName(path))
                    .Order(StringComparer.Ordinal),
            ];
        var first = InProcess.Run(
            "diagnose",
            tiny.Recipe,
            "-o",
            tiny.PathOf("used"),
            "--seeds",
            "1",
            "--updates",
            "1",
            "--perturbations",
            "1"
        );
        Assert.True(first.ExitCode == 0, first.Error);
        Assert.Superset(
            new HashSet<string>
            {
                "drift.svg",
                "gradients-and-updates.png",
                "dead-units.csv",
                "measured-drift.csv",
                "measured-updates.csv",
            },
            new HashSet<string>(Files("used"))
        );

        foreach (var folder in new[] { "used", "fresh" })
        {
            var second = InProcess.Run(["diagnose", tiny.Recipe, "-o", tiny.PathOf(folder), .. shorter]);
            Assert.True(second.ExitCode == 0, second.Error);
        }

        Assert.Equal(Files("fresh"), Files("used"));
    }

    [Fact]
    public void A_trained_model_is_examined_on_the_validation_set_of_its_run()
    {
        using var tiny = new TinyRun();
        File.AppendAllText(tiny.PathOf("valid.tsv"), string.Concat(Enumerable.Repeat("eins ", 300)) + "\tone\n");
        Train(tiny, "training.maxUpdates=150", "training.validateEvery=50", "model.maxPositions=200");
        foreach (var model in new[] { tiny.Run, Path.Combine(tiny.Run, "checkpoints/update-000147") })
        {
            Assert.Equal("sound", OutcomeOf(model, tiny, "stable", "trained stably: in 150 updates"));
        }

        using (var json = JsonDocument.Parse(File.ReadAllBytes(tiny.PathOf("diagnosis/diagnosis.json"))))
        {
            // The log has a line for each update, of which the first 20 have too little before them.
            Assert.Equal(127, json.RootElement.GetProperty("spikes").GetProperty("points").GetInt32());
            Assert.Equal(
                [4, 6],
                new[] { "encoder", "decoder" }.Select(stack =>
                    json.RootElement.GetProperty(stack)
                        .GetProperty("depth")
                        .GetProperty("removalDamage")
                        .GetArrayLength()
                )
            );
        }

        var trained = File.ReadAllText(tiny.PathOf("diagnosis/diagnosis.html"));
        Assert.Contains("id=\"sublayer-removal\"", trained, StringComparison.Ordinal);
        Assert.Contains("With its shortcut in place of sublayer ", trained, StringComparison.Ordinal);
        Assert.Contains("spikes of the log: loss, gradient norm", trained, StringComparison.Ordinal);
        AssertMistake(InProcess.Run("diagnose", tiny.Run, "--learning-rate-range"), "this model is trained; a ramp");

        var whole = InProcess.Run("diagnose", tiny.Run, "-o", tiny.PathOf("whole"));
        Assert.Contains(
            "1 of 21 validation pairs are left out: they are longer than the 200 subwords",
            whole.Error,
            StringComparison.Ordinal
        );
        AssertMistake(
            InProcess.Run("diagnose", tiny.Run, "--set", "seed=2"),
            "overrides and seeds are for recipes (--set, --seeds)."
        );
        AssertMistake(InProcess.Run("diagnose", tiny.Run, "--before-training"), "this model is trained");
        Directory.Move(Path.Combine(tiny.Run, "model"), tiny.PathOf("moved"));
        AssertMistake(InProcess.Run("diagnose", tiny.PathOf("moved")), "this one is in no run folder");
    }

    [Theory]
    [InlineData("stuck", "did not learn", "training.schedule.learningRate=1e-6")]
    [InlineData(
        "diverged",
        "diverged",
        "training.schedule.learningRate=3",
        "training.optimizer.name=adam",
        "training.maxUpdates=40",
        "training.schedule.warmUpUpdates=20"
    )]
    public void A_run_that_failed_is_not_called_sound(string outcome, string words, params string[] settings)
    {
        using var tiny = new TinyRun();
        Train(tiny, settings);
        var results = Path.Combine(tiny.Run, "results.json");
        using (var json = JsonDocument.Parse(File.ReadAllBytes(results)))
        {
            Assert.Equal(outcome, json.RootElement.GetProperty("outcome").GetString());
        }

        var checkpoint = Directory.EnumerateDirectories(Path.Combine(tiny.Run, "checkpoints")).Order().Last();
        Assert.Equal("failed", OutcomeOf(tiny.Run, tiny, outcome, words));
        Assert.Equal("failed", OutcomeOf(checkpoint, tiny, outcome, words));
        File.Delete(results);
        Assert.Equal("failed", OutcomeOf(checkpoint, tiny, outcome, words));
        var page = File.ReadAllText(tiny.PathOf("diagnosis/diagnosis.html"));
        Assert.Contains("badge poor\">failed", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Before_training_the_command_says_whether_a_recipe_will_train()
    {
        using var tiny = new TinyRun();

        var calm = InProcess.Run(
            "diagnose",
            tiny.Recipe,
            "--before-training",
            "--set",
            "training.schedule.learningRate=1e-4"
        );
        var wild = InProcess.Run(
            "diagnose",
            tiny.Recipe,
            "--before-training",
            "--set",
            "training.schedule.learningRate=1",
            "--json"
        );

        Assert.True(calm.ExitCode == 0, calm.Error);
        Assert.StartsWith("tiny should train: ", calm.Output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(wild.Output);
        var deep = InProcess.Run(
            "diagnose",
            tiny.Recipe,
            "--before-training",
            "--set",
            "training.schedule.learningRate=3e-3",
            "--set",
            "training.schedule.warmUpUpdates=400",
            "--set",
            "training.maxUpdates=1500",
            "--set",
            "model.encoder.variant=post-ln",
            "--set",
            "model.encoder.layers=18"
        );
        Assert.StartsWith("tiny will not train: ", deep.Output, StringComparison.Ordinal);
        Assert.False(json.RootElement.GetProperty("trains").GetBoolean());
        AssertMistake(
            InProcess.Run("diagnose", tiny.Recipe, "--before-training", "--set", "training.optimizer.name=sgd"),
            "the prediction is for radam and adam"
        );
    }

    [Fact]
    public void What_cannot_be_examined_is_a_mistake()
    {
        using var tiny = new TinyRun();
        AssertMistake(InProcess.Run("diagnose", tiny.PathOf("nothing.yaml")), "nothing.yaml");
        AssertMistake(InProcess.Run("diagnose", tiny.Recipe, "--seeds", "one"), "'one' is not a whole number");
        AssertMistake(InProcess.Run("diagnose", tiny.Recipe, "--perturbations", "0"), "--perturbations");
        AssertMistake(InProcess.Run("diagnose", tiny.Recipe, "-o", tiny.Recipe), "this is a file");
        AssertMistake(InProcess.Run("diagnose", tiny.Recipe, "--device", "gpu"), "--device is one of cpu, cuda");
        AssertMistake(InProcess.Run("diagnose", tiny.Recipe, "--device", "cuda"), "device: cuda is not available here");
        AssertMistake(
            InProcess.Run("diagnose", tiny.Recipe, "--set", "device=cuda"),
            "device: cuda is not available here"
        );
    }

    /// <summary>Post-LN fails there with three of three seeds, and Admin trains: docs/results.md.</summary>
    [Theory]
    [InlineData("post-ln", "compare-18l will not train: ")]
    [InlineData("admin", "compare-18l should train: ")]
    public void Of_the_recipe_of_the_comparison_it_is_right(string variant, string words)
    {
        var result = InProcess.Run(
            "diagnose",
            RepositoryRoot.PathOf("recipes", "compare-18l.yaml"),
            "--before-training",
            "--seeds",
            "1",
            "--set",
            $"model.encoder.variant={variant}",
            "--set",
            $"model.decoder.variant={variant}"
        );

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.StartsWith(words, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ramp_says_which_learning_rate_is_tolerated_and_a_seed_decides_it()
    {
        using var tiny = new TinyRun();
        ClinicResult Ramp(string folder, params string[] more) =>
            InProcess.Run([
                "diagnose",
                tiny.Recipe,
                "--learning-rate-range",
                "--updates",
                "120",
                "-o",
                tiny.PathOf(folder),
                .. more,
            ]);

        var result = Ramp("one");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.StartsWith("tiny tolerates a learning rate of ", result.Output, StringComparison.Ordinal);
        Assert.Contains("the recipe has 1.0e-2, which ", result.Output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(File.ReadAllBytes(tiny.PathOf("one/learning-rate-range.json")));
        var most = json.RootElement.GetProperty("maxTolerable").GetDouble();
        Assert.InRange(most, 1e-4, 0.5);
        var (ramp, predicted) = (
            json.RootElement.GetProperty("byRamp").GetDouble(),
            json.RootElement.GetProperty("predicted").GetDouble()
        );
        Assert.Equal(Math.Min(ramp, predicted), most);
        Assert.Equal(Math.Min(ramp / 3, predicted), json.RootElement.GetProperty("proposed").GetDouble(), 1e-12);
        var points = json.RootElement.GetProperty("ramps")[0].GetProperty("points").GetArrayLength();
        Assert.InRange(points, 50, 120);
        const string Measured = "measured-learning-rate-range.csv";
        Assert.Equal(1 + points, File.ReadLines(tiny.PathOf($"one/{Measured}")).Count());
        Assert.Contains(
            "id=\"learning-rate-range\"",
            File.ReadAllText(tiny.PathOf("one/learning-rate-range.html")),
            StringComparison.Ordinal
        );

        Assert.Equal(0, Ramp("again").ExitCode);
        Assert.Equal(0, Ramp("other", "--seeds", "2").ExitCode);
        Assert.Equal(
            File.ReadAllText(tiny.PathOf($"one/{Measured}")),
            File.ReadAllText(tiny.PathOf($"again/{Measured}"))
        );
        Assert.NotEqual(
            File.ReadAllText(tiny.PathOf($"one/{Measured}")),
            File.ReadAllText(tiny.PathOf($"other/{Measured}"))
        );
    }

    [Fact]
    public void A_ramp_that_is_stopped_leaves_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals need Unix");
        Assert.SkipWhen(ClinicProcess.InterruptsAreIgnored(), "this process was started with SIGINT ignored");
        using var tiny = new TinyRun();
        using var process = ClinicProcess.Start(
            "diagnose",
            tiny.Recipe,
            "--learning-rate-range",
            "--updates",
            "100000",
            "-o",
            tiny.PathOf("ramp")
        );
        Thread.Sleep(4000); // until it makes updates
        ClinicProcess.Signal(process, "INT");
        var result = ClinicProcess.Finish(process);

        Assert.Equal((130, "clinic: Stopped.\n"), (result.ExitCode, result.Error[^"clinic: Stopped.\n".Length..]));
        Assert.False(Path.Exists(tiny.PathOf("ramp")));
    }

    [Theory]
    [InlineData("a ramp needs 50 or more to show anything (--updates).", "--updates", "49")]
    [InlineData("--before-training has no meaning with it", "--before-training")]
    [InlineData("--every has no meaning with it", "--every", "5")]
    public void A_ramp_refuses_what_it_would_ignore(string message, params string[] options)
    {
        using var tiny = new TinyRun();

        AssertMistake(InProcess.Run(["diagnose", tiny.Recipe, "--learning-rate-range", .. options]), message);
    }

    private static void Train(TinyRun tiny, params string[] settings)
    {
        string[] overrides = [.. settings.SelectMany(setting => new[] { "--set", setting })];
        var trained = InProcess.Run(["train", tiny.Recipe, "--run", tiny.Run, .. overrides]);
        Assert.True(trained.ExitCode == 0, trained.Error);
    }

    /// <summary>The diagnosis's word for a trained model; also checks the run's word and the text.</summary>
    private static string? OutcomeOf(string model, TinyRun tiny, string course, string words)
    {
        var result = InProcess.Run("diagnose", model, "-o", tiny.PathOf("diagnosis"), "--json");
        Assert.True(result.ExitCode == 0, result.Error);
        using var json = JsonDocument.Parse(result.Output);
        var verdict = json.RootElement.GetProperty("verdict");
        Assert.True(json.RootElement.GetProperty("trained").GetBoolean());
        Assert.Equal(course, json.RootElement.GetProperty("course").GetProperty("outcome").GetString());
        Assert.Contains(words, verdict.GetProperty("headline").GetString(), StringComparison.Ordinal);
        return verdict.GetProperty("outcome").GetString();
    }

    private static void AssertMistake(ClinicResult result, string expected)
    {
        Assert.True(result.ExitCode == 2, $"exit code {result.ExitCode}: {result.Error}");
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }
}
