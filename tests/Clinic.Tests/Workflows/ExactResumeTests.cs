using System.Globalization;
using TransformerClinic.Files;
using TransformerClinic.Runs;
using TransformerClinic.Training;
using TransformerClinic.Training.Checkpoints;
using TransformerClinic.Training.Divergence;
using TransformerClinic.Training.Schedules;
using TransformerClinic.Workflows;

namespace TransformerClinic.Tests.Workflows;

/// <summary>
/// A run that is stopped after any update and given again ends as one that was never stopped: the same bytes of
/// weights, optimizer state and averaged model, the same place in data and random streams, the same logged losses.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class ExactResumeTests(TrainedTinyRecipe trained) : IDisposable
{
    private readonly TinyRecipe _tiny = new(textOf: trained.Tiny);

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void The_run_that_others_are_compared_with_has_epochs_and_a_model()
    {
        Assert.Contains(
            trained.Left,
            line =>
                line.Contains("\"epoch\":2,", StringComparison.Ordinal)
                && line.Contains("\"examplesSeen\":", StringComparison.Ordinal)
        );
        Assert.Contains(trained.Left, line => line.StartsWith("model/model.safetensors", StringComparison.Ordinal));
    }

    // Stopped after every update, it resumes from each of them; stopped less often, it resumes for longer.
    [Theory]
    [InlineData(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)]
    [InlineData(1, 8)]
    [InlineData(2, 6, 11)]
    [InlineData(5)]
    public void Stopped_after_any_updates_it_ends_with_the_same_bytes(params int[] cuts)
    {
        Assert.InRange(cuts[^1], 1, TinyRecipe.Updates - 1);
        Assert.Null(RunFingerprint.Difference(trained.Left, _tiny.Run(_tiny.Recipe, "cut", cuts).Left));
    }

    [Fact]
    public void Layers_computed_again_change_no_byte_even_from_the_middle_of_a_run_on()
    {
        var recomputing = _tiny.Recipe with { Training = _tiny.Recipe.Training with { Recompute = true } };
        using (var stopping = new StoppingConsole(stopAfter: 4))
        {
            Assert.Null(new TrainingRun(_tiny.Recipe, _tiny.PathOf("cut"), stopping).Run(stopping.Stop));
        }

        var (left, said) = _tiny.Run(recomputing, "cut", 7, 8);
        Assert.Contains(said, line => line.Contains("training.recompute", StringComparison.Ordinal));
        Assert.Null(RunFingerprint.Difference(trained.Left, left));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Other_worker_threads_change_no_bit(int threads)
    {
        var (whole, _) = _tiny.Run(_tiny.Recipe, "whole");
        using (var stopping = new StoppingConsole(7))
        {
            Assert.Null(new TrainingRun(_tiny.Recipe, _tiny.PathOf("cut"), stopping).Run(stopping.Stop));
        }

        var (resumed, said) = _tiny.Run(_tiny.Recipe with { Threads = threads }, "cut");
        Assert.DoesNotContain(said, line => line.Contains("bits", StringComparison.Ordinal));
        Assert.Null(RunFingerprint.Difference(whole, resumed));
    }

    [Fact]
    public void What_moving_average_plateau_schedule_early_end_and_statistics_remember_is_resumed_too()
    {
        var recipe = _tiny.Recipe with
        {
            Training = _tiny.Recipe.Training with
            {
                MaxUpdates = 40,
                Optimizer = new OptimizerOptions { Name = OptimizerName.Adam },
                Schedule = new ScheduleOptions
                {
                    Name = ScheduleName.Plateau,
                    LearningRate = 0.3,
                    WarmUpUpdates = 1,
                    Factor = 0.5,
                    Patience = 1,
                },
                ValidateEvery = 1,
                Patience = 4,
                StatisticsEvery = 3,
                Ema = 0.5,
                Average = 1,
            },
        };
        var (whole, said) = _tiny.Run(recipe, "whole");
        var results = Json.Read<RunResults>(_tiny.PathOf("whole/results.json"));
        Assert.Equal(TrainingEnd.NoImprovement, results.End);
        Assert.EndsWith(
            " and 4 validations since then did not lower it",
            results.EndedBecause,
            StringComparison.Ordinal
        );
        Assert.Contains($"training ended after update {results.Updates}, because {results.EndedBecause}.", said);
        Assert.Contains(
            $"Training ended because {results.EndedBecause}.",
            File.ReadAllText(_tiny.PathOf("whole/report.html")),
            StringComparison.Ordinal
        );
        Assert.Contains(whole, line => line.Contains("\"kind\":\"sublayers\"", StringComparison.Ordinal));
        var last = CheckpointStore.In(_tiny.PathOf("whole/checkpoints"))[^1];
        Assert.True(last.Content.State.Schedule.Factor < 1, "the learning rate never fell");
        Assert.Equal(
            File.ReadAllBytes(last.ModelPath),
            File.ReadAllBytes(_tiny.PathOf("whole/model/model.safetensors"))
        );
        Assert.NotEqual(File.ReadAllBytes(last.ModelPath), File.ReadAllBytes(last.WeightsPath));
        int[] every = [.. Enumerable.Range(1, (int)results.Updates - 1)];
        foreach (var cuts in (int[][])[every, [1], [every.Length / 2], [every.Length]])
        {
            var name = $"cut-{cuts[0]}-{cuts.Length}";
            var difference = RunFingerprint.Difference(whole, _tiny.Run(recipe, name, cuts).Left);
            Assert.True(difference is null, $"stopped {cuts.Length} times, first after update {cuts[0]}: {difference}");
        }
    }

    [Theory]
    [InlineData(DivergencePolicy.Skip, "skipped")]
    [InlineData(DivergencePolicy.Rollback, "rollback")]
    public void What_the_guard_remembers_and_did_is_resumed_too(DivergencePolicy policy, string kind)
    {
        var recipe = _tiny.Recipe with
        {
            Training = _tiny.Recipe.Training with
            {
                MaxUpdates = 28,
                CheckpointEvery = 4,
                Divergence = new()
                {
                    Policy = policy,
                    Jumps = JumpHandling.Treat,
                    Window = 10,
                    Spread = 0.1,
                    Rollbacks = 1000,
                },
            },
        };
        var whole = _tiny.Run(recipe, "whole").Left;
        Assert.Contains(whole, line => line.StartsWith($"{{\"kind\":\"{kind}\"", StringComparison.Ordinal));
        Assert.Contains(whole, line => line.StartsWith("offending/update-0000", StringComparison.Ordinal));
        // In the middle of what is undone, and right before it is, where an uninterrupted run has no checkpoint.
        var offending = Directory
            .GetDirectories(_tiny.PathOf("whole/offending"), "update-*")
            .Select(folder =>
                int.Parse(Path.GetFileName(folder).AsSpan("update-".Length, 6), CultureInfo.InvariantCulture)
            )
            .Select(update => update - 1)
            .ToList();
        Assert.Contains(offending, cut => cut % 4 != 0);
        foreach (var cut in offending.Concat([14, 20]).Distinct().Order())
        {
            var difference = RunFingerprint.Difference(whole, _tiny.Run(recipe, $"cut-{cut}", cut).Left);
            Assert.True(difference is null, $"stopped after update {cut}: {difference}");
        }
    }
}
