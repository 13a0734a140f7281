using System.Text.Json;
using TransformerClinic.Files;
using TransformerClinic.Recipes;
using TransformerClinic.Runs;
using TransformerClinic.Training;
using TransformerClinic.Training.Divergence;
using TransformerClinic.Training.Schedules;
using TransformerClinic.Workflows;

namespace TransformerClinic.Tests.Workflows;

/// <summary>What the guard against divergence leaves in the run folder and says.</summary>
[Trait("Speed", "Slow")]
public sealed class GuardedRunTests : IDisposable
{
    private readonly TinyRecipe _tiny = new();

    private string Run => _tiny.PathOf("run");

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void A_rollback_keeps_the_batch_the_decision_and_the_lines_that_it_undid()
    {
        var said = _tiny
            .Run(
                With(
                    new()
                    {
                        Policy = DivergencePolicy.Rollback,
                        Jumps = JumpHandling.Treat,
                        Window = 10,
                        Spread = 0.3,
                        Rollbacks = 1000,
                    },
                    28
                ),
                "run"
            )
            .Said;

        var log = RunLog.Read(Path.Combine(Run, "log.jsonl"));
        var lines = log.Where(line => line.Kind == LogKind.Rollback).ToList();
        Assert.NotEmpty(lines);
        Assert.Equal(Enumerable.Range(1, lines.Count), lines.Select(line => line.Rollbacks!.Value));
        Assert.Equal(log.Select(line => line.Step).Order(), log.Select(line => line.Step));
        Assert.All(lines, line => AssertKept(line, said));
        Assert.Contains(lines, line => File.Exists(Path.Combine(Run, line.Offending!, "undone.jsonl")));
        Assert.Equal(lines.Count, Directory.GetDirectories(Path.Combine(Run, "offending")).Length);
        Assert.Equal(lines.Count, Json.Read<RunResults>(Path.Combine(Run, "results.json")).Rollbacks);
    }

    [Fact]
    public void A_training_that_is_lost_says_so_everywhere()
    {
        var diverging = With(new() { SkipsInARow = 3 }, updates: 200) with
        {
            Model = _tiny.Recipe.Model with
            {
                Encoder = new() { Layers = 2, Variant = Residuals.ResidualVariant.Rezero },
                Decoder = new() { Layers = 2, Variant = Residuals.ResidualVariant.Rezero },
            },
        };
        diverging = diverging with
        {
            Training = diverging.Training with
            {
                ClipNorm = 0,
                CheckpointEvery = 1,
                Optimizer = new OptimizerOptions { Name = OptimizerName.Sgd },
                Schedule = new ScheduleOptions
                {
                    LearningRate = 10,
                    WarmUpFrom = 1,
                    WarmUpUpdates = 4,
                },
            },
        };

        var said = _tiny.Run(diverging, "run").Said;

        var results = Json.Read<RunResults>(Path.Combine(Run, "results.json"));
        Assert.Equal(TrainingEnd.Diverged, results.End);
        Assert.True(results.Failed);
        Assert.Contains("diverged, and training was ended after", results.Verdict, StringComparison.Ordinal);
        var last = RunLog.Read(Path.Combine(Run, "log.jsonl"))[^1];
        Assert.Equal(LogKind.Stopped, last.Kind);
        Assert.Contains(last.Cause!, results.Verdict, StringComparison.Ordinal);
        Assert.EndsWith(
            "Training ends.",
            said.Last(line => line.StartsWith("update ", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "diverged, and training was ended",
            File.ReadAllText(Path.Combine(Run, "report.html")),
            StringComparison.Ordinal
        );

        // The same command finds the same end, and reports it once.
        var again = _tiny.Run(diverging, "run");
        Assert.Equal(last.Step, RunLog.Read(Path.Combine(Run, "log.jsonl"))[^1].Step);
        Assert.Single(again.Left, line => line.StartsWith("{\"kind\":\"stopped\"", StringComparison.Ordinal));
    }

    [Fact]
    public void A_training_that_is_stopped_keeps_the_weights_before_the_batch()
    {
        var recipe = With(
            new()
            {
                Policy = DivergencePolicy.Stop,
                Jumps = JumpHandling.Treat,
                Window = 10,
                Spread = 1e-6,
            },
            updates: 200
        );
        recipe = recipe with { Training = recipe.Training with { CheckpointEvery = 1000 } };
        using var console = new StoppingConsole();

        Assert.Equal(TrainingEnd.Diverged, new TrainingRun(recipe, Run, console).Run(console.Stop)!.End);
        Assert.Single(Directory.GetDirectories(Path.Combine(Run, "checkpoints")));
    }

    private void AssertKept(LogEntry line, IReadOnlyList<string> said)
    {
        var folder = Path.Combine(Run, line.Offending!);
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "batch.json")));
        var update = json.RootElement.GetProperty("update").GetInt64();
        var examples = json
            .RootElement.GetProperty("batches")
            .EnumerateArray()
            .SelectMany(batch => batch.GetProperty("examples").EnumerateArray())
            .ToList();
        var texts = File.ReadAllLines(Path.Combine(folder, "batch.tsv"));
        var corpus = File.ReadAllLines(_tiny.PathOf("train.tsv"));
        Assert.True(line.Step < update);
        Assert.Equal(texts, examples.Select(example => corpus[example.GetProperty("example").GetInt32()]));
        Assert.All(
            examples,
            example => Assert.Equal(2, example.GetProperty("source").EnumerateArray().Last().GetInt32())
        );
        Assert.Equal(line.Cause, json.RootElement.GetProperty("cause").GetString());
        Assert.Equal("rolled-back", json.RootElement.GetProperty("treatment").GetString());
        Assert.Contains(
            said,
            words =>
                words.StartsWith($"update {update}: {line.Cause}; ", StringComparison.Ordinal)
                && words.Contains($"(kept in {line.Offending})", StringComparison.Ordinal)
                && words.EndsWith(
                    $"Training returns to update {line.Step} and continues with the data that follow (rollback "
                        + $"{line.Rollbacks}).",
                    StringComparison.Ordinal
                )
        );
        var undone = Path.Combine(folder, "undone.jsonl");
        Assert.True(
            !File.Exists(undone) || RunLog.Read(undone).All(entry => entry.Step > line.Step && entry.Step < update)
        );
    }

    private Recipe With(DivergenceOptions divergence, int updates) =>
        _tiny.Recipe with
        {
            Training = _tiny.Recipe.Training with
            {
                MaxUpdates = updates,
                CheckpointEvery = 5,
                LogEvery = 1,
                Divergence = divergence,
            },
        };
}
