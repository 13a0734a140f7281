using TorchSharp;
using TransformerClinic.Distribution;
using TransformerClinic.Files;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Training;
using TransformerClinic.Training.Divergence;

namespace TransformerClinic.Tests.Training.Divergence;

/// <summary>Several processes find the same and do the same about it.</summary>
[Trait("Speed", "Slow")]
public sealed class GuardedGroupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(DivergencePolicy.Skip, "embeddings.source", 3e38f)]
    [InlineData(DivergencePolicy.Rollback, "embeddings.source", 3e38f)]
    [InlineData(DivergencePolicy.Stop, "embeddings.source", float.NaN)]
    [InlineData(DivergencePolicy.Rollback, "embeddings.target", 1e4f)]
    public void All_decide_alike_and_as_one_alone(DivergencePolicy policy, string parameter, float value)
    {
        var options = GuardedTraining.Calm with
        {
            Parts = 4,
            Ema = 0.9,
            Divergence = new()
            {
                Policy = policy,
                Jumps = JumpHandling.Treat,
                Window = 10,
                Spread = 8,
            },
        };
        AssertAlike(
            options,
            now =>
            {
                if (now.Trainer.State is { Update: 11, Rollbacks: 0 })
                {
                    now.Poison(parameter, value, row: 19);
                }
            }
        );
    }

    [Fact]
    public void What_is_not_finite_in_one_shard_of_the_optimizers_state_all_find() =>
        AssertAlike(
            GuardedTraining.Calm with
            {
                Parts = 4,
                Divergence = new() { Policy = DivergencePolicy.Rollback },
            },
            now =>
            {
                // Only the process whose shard it is has it; a checkpoint is due.
                var state = now.Trainer.Optimizer.State[1].Values;
                if (now.Trainer.State is { Update: 9, Rollbacks: 0 } && state.numel() > 0)
                {
                    using Scalar filling = float.NaN;
                    state.fill_(filling);
                }
            },
            incident => incident.Contains("the optimizer's second_moment of", StringComparison.Ordinal)
        );

    private void AssertAlike(
        TrainingOptions options,
        Action<GuardedTraining> poison,
        Predicate<string>? expected = null
    )
    {
        var alone = Train("alone", null, workers: 4);
        Assert.Contains(alone.Incidents, expected ?? (_ => true));
        foreach (var (processes, workers) in new[] { (2, 2), (3, 1) })
        {
            var all = ThreadGroup.Run(processes, group => Train($"of-{processes}", group, workers));
            Assert.All(
                all,
                one =>
                {
                    Assert.Equal(alone.Incidents, one.Incidents);
                    Assert.Equal(alone with { Incidents = one.Incidents }, one);
                }
            );
        }

        Outcome Train(string name, ProcessGroup? group, int workers)
        {
            using var training = new GuardedTraining(
                _folder.PathOf(name),
                options,
                poison,
                group: group,
                workers: workers
            );
            var end = training.Run();
            return new Outcome(
                end,
                [.. training.Incidents.Select(Json.Line)],
                Convert.ToHexString(training.Weights),
                Json.Line(training.Trainer.State with { Seconds = 0 })
            );
        }
    }

    private sealed record Outcome(TrainingEnd End, IReadOnlyList<string> Incidents, string Weights, string State);
}
