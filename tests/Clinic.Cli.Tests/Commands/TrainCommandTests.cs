using System.Text.Json;

namespace TransformerClinic.Cli.Tests.Commands;

[Trait("Speed", "Slow")]
public sealed class TrainCommandTests(WholeTinyRun whole) : IClassFixture<WholeTinyRun>
{
    [Fact]
    public void A_run_folder_contains_everything_its_contract_names()
    {
        var result = whole.Result;
        Assert.True(result.ExitCode == 0, result.Error);
        foreach (
            var file in new[]
            {
                "recipe.yaml",
                "environment.json",
                "data.json",
                "log.jsonl",
                "results.json",
                "report.html",
                "translations.tsv",
                "model/model.safetensors",
                "model/config.json",
                "model/subwords.json",
                "checkpoints/update-000012/model.safetensors",
                "checkpoints/update-000012/optimizer.safetensors",
                "checkpoints/update-000012/state.json",
            }
        )
        {
            Assert.True(File.Exists(Path.Combine(whole.Run, file)), file);
        }

        Assert.Single(Directory.GetFiles(whole.Run, "events.out.tfevents.*"));
        Assert.Equal(3, Directory.GetDirectories(Path.Combine(whole.Run, "checkpoints")).Length);
        using var json = JsonDocument.Parse(result.Output);
        foreach (
            var key in new[]
            {
                "validationLoss",
                "validationPerplexity",
                "bleu",
                "bleuSignature",
                "updates",
                "tokens",
                "seconds",
                "encoderVariant",
                "seed",
            }
        )
        {
            Assert.True(json.RootElement.TryGetProperty(key, out _), key);
        }

        Assert.Equal(12, json.RootElement.GetProperty("updates").GetInt64());
        Assert.Equal(
            12,
            File.ReadLines(Path.Combine(whole.Run, "log.jsonl"))
                .Count(line => line.Contains("\"train\"", StringComparison.Ordinal))
        );

        // The profile is part of every checkpoint, with where it came from.
        using var state = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(whole.Run, "checkpoints/update-000012/state.json"))
        );
        var profile = state.RootElement.GetProperty("state").GetProperty("profile");
        Assert.Equal(10, profile.GetProperty("connections").GetArrayLength());
        Assert.Equal(64, profile.GetProperty("batchHash").GetString()!.Length);
    }

    [Fact]
    public void A_damaged_checkpoint_is_set_aside_and_the_one_before_it_is_used()
    {
        using var tiny = new TinyRun();
        FolderCopy.Make(whole.Run, tiny.Run);
        File.WriteAllText(Path.Combine(tiny.Run, "checkpoints/update-000012/model.safetensors"), "rubbish");
        var result = InProcess.Run("train", whole.Recipe, "--run", tiny.Run);
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("resuming after update 9", result.Error, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(tiny.Run, "checkpoints/update-000012.damaged")));
        Assert.True(Directory.Exists(Path.Combine(tiny.Run, "checkpoints/update-000012")));
    }

    [Fact]
    public void Translate_score_and_average_use_what_train_left()
    {
        using var tiny = new TinyRun();
        FolderCopy.Make(whole.Run, tiny.Run);

        var average = InProcess.Run("average", tiny.Run, "--last", "2", "--output", tiny.PathOf("averaged"));
        Assert.True(average.ExitCode == 0, average.Error);
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(tiny.Run, "model/model.safetensors")),
            File.ReadAllBytes(tiny.PathOf("averaged/model.safetensors"))
        );

        var fewer = InProcess.Run("average", tiny.Run, "--last", "99", "--output", tiny.PathOf("all"));
        Assert.Equal(0, fewer.ExitCode);
        Assert.StartsWith(
            "clinic: 99 checkpoints were requested, but the run has 3: all of them are averaged.",
            fewer.Error,
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            ": the mean of update-000012, update-000009, update-000006 (3 of the 99 requested)",
            fewer.Output.TrimEnd(),
            StringComparison.Ordinal
        );
        Assert.Equal("", average.Error);
        Assert.EndsWith(
            ": the mean of update-000012, update-000009",
            average.Output.TrimEnd(),
            StringComparison.Ordinal
        );

        // A model folder is movable, and standard input streams to standard output line by line.
        Directory.Move(Path.Combine(tiny.Run, "model"), tiny.PathOf("moved"));
        var translated = ClinicProcess.Run(
            "eins zwei drei .\n\nvier .\n",
            ["translate", "--model", tiny.PathOf("moved")]
        );
        Assert.True(translated.ExitCode == 0, translated.Error);
        Assert.Equal(4, translated.Output.Split('\n').Length);
        Assert.Equal("", translated.Output.Split('\n')[1]);

        File.WriteAllText(tiny.PathOf("hyp.txt"), "the cat sat on the mat .\n");
        var score = InProcess.Run("score", "--hyp", tiny.PathOf("hyp.txt"), "--ref", tiny.PathOf("hyp.txt"), "--json");
        using var json = JsonDocument.Parse(score.Output);
        Assert.Equal(100, json.RootElement.GetProperty("bleu").GetDouble(), 9);
        Assert.Contains("tok:13a", json.RootElement.GetProperty("signature").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_references_way_is_one_option_and_other_options_take_precedence()
    {
        using var tiny = new TinyRun();
        var trained = InProcess.Run(
            "train",
            tiny.Recipe,
            "--run",
            tiny.Run,
            "--reference-compatible",
            "--set",
            "training.profiling.dropout=false",
            "--set",
            "training.optimizer.name=sgd",
            "--set",
            "training.optimizer.momentum=0.9"
        );
        Assert.True(trained.ExitCode == 0, trained.Error);
        var recipe = File.ReadAllLines(Path.Combine(tiny.Run, "recipe.yaml"));
        Assert.Contains("    padding: count", recipe);
        Assert.Contains("    dropout: false", recipe);
        Assert.Contains("  maxLengthOf: batch", recipe);

        string[] translate = ["translate", "--model", tiny.Run, "--reference-compatible", "--no-repeat-ngram"];
        var translated = ClinicProcess.Run("eins zwei drei .\n", [.. translate, "2"]);
        Assert.True(translated.ExitCode == 0, translated.Error);
        Assert.Single(translated.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var mistaken = ClinicProcess.Run("", [.. translate, "1001"]);
        Assert.Equal(2, mistaken.ExitCode);
        Assert.Contains("--no-repeat-ngram is from 0 to 1000, not 1001", mistaken.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_trains_each_variant_from_the_same_start()
    {
        using var tiny = new TinyRun();
        var result = ClinicProcess.Run(
            "compare",
            tiny.Recipe,
            "--run",
            tiny.Run,
            "--variants",
            "post-ln,admin",
            "--seeds",
            "1,2",
            "--set",
            "training.maxUpdates=4",
            "--json"
        );
        Assert.True(result.ExitCode == 0, result.Error);
        using var json = JsonDocument.Parse(result.Output);
        Assert.Equal(4, json.RootElement.GetProperty("runs").GetArrayLength());
        Assert.True(File.Exists(Path.Combine(tiny.Run, "comparison.html")));
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(tiny.Run, "post-ln-seed1/subwords.json")),
            File.ReadAllBytes(Path.Combine(tiny.Run, "admin-seed1/subwords.json"))
        );
    }
}
