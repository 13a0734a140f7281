using TransformerClinic.Tests.Training.Divergence;
using TransformerClinic.Training;
using TransformerClinic.Training.Divergence;
using TransformerClinic.Training.Schedules;

namespace TransformerClinic.Tests.Training;

/// <summary>What validations decide, and what the moving average follows, in whole trainings.</summary>
[Trait("Speed", "Slow")]
public sealed class EarlyEndTests : IDisposable
{
    // With so small a learning rate no weight moves, so every validation finds the same.
    private static readonly TrainingOptions Standstill = GuardedTraining.Calm with
    {
        Schedule = new ScheduleOptions
        {
            LearningRate = 1e-30,
            WarmUpFrom = 0,
            WarmUpUpdates = 1,
        },
        ValidateEvery = 2,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, TrainingEnd.Finished, GuardedTraining.Updates)]
    [InlineData(1, TrainingEnd.NoImprovement, 4)]
    [InlineData(3, TrainingEnd.NoImprovement, 8)]
    public void Training_ends_after_as_many_validations_without_improvement_as_the_patience_is(
        int patience,
        TrainingEnd end,
        long updates
    )
    {
        using var training = new GuardedTraining(_folder.FullName, Standstill with { Patience = patience });

        Assert.Equal(end, training.Run());

        Assert.Equal(updates, training.Trainer.State.Update);
        Assert.Equal(2, training.Trainer.State.Best.Update);
        Assert.Equal(updates, training.Store.List()[^1].Update);

        // The same command finds the same end; with more patience it continues.
        using var again = new GuardedTraining(_folder.FullName, Standstill with { Patience = patience });
        Assert.Equal(end, again.Run());
        Assert.Empty(again.Made);
        using var patient = new GuardedTraining(_folder.FullName, Standstill with { Patience = 100 });
        Assert.Equal(TrainingEnd.Finished, patient.Run());
    }

    [Fact]
    public void A_validation_at_the_end_that_no_longer_run_would_make_counts_for_nothing()
    {
        using var training = new GuardedTraining(_folder.FullName, Standstill with { MaxUpdates = 5, Patience = 100 });

        training.Run();

        Assert.Equal(new BestValidation(training.Trainer.State.Best.Loss, 2, 1), training.Trainer.State.Best);
    }

    [Fact]
    public void Skipped_updates_do_not_move_the_average()
    {
        var averages = new List<byte[]>();
        using var training = new GuardedTraining(
            _folder.FullName,
            GuardedTraining.Calm with
            {
                Ema = 0.9,
                Optimizer = new OptimizerOptions { Name = OptimizerName.Adam },
                Divergence = new()
                {
                    Policy = DivergencePolicy.Skip,
                    Jumps = JumpHandling.Treat,
                    Window = 10,
                    Spread = 1e-6,
                },
            },
            now => averages.Add(now.Trainer.MovingAverage!.Values.bytes.ToArray())
        );

        training.Run();

        Assert.NotEmpty(training.Incidents);
        Assert.All(
            Enumerable.Range(1, averages.Count - 1),
            i => Assert.Equal(!training.Made.Contains(i + 1), averages[i].SequenceEqual(averages[i - 1]))
        );
    }

    [Fact]
    public void A_rollback_takes_the_average_and_the_validations_back()
    {
        var options = GuardedTraining.Calm with
        {
            Ema = 0.9,
            ValidateEvery = 2,
            Divergence = new() { Policy = DivergencePolicy.Rollback, Rollbacks = 1 },
        };
        var poisoned = false;
        byte[]? atSix = null;
        BestValidation? bestAtSix = null;
        TrainingState? back = null;
        byte[]? averageBack = null;
        using var training = new GuardedTraining(
            _folder.FullName,
            options,
            now =>
            {
                if (now.Trainer.State is { Update: 6, Rollbacks: 0 } state)
                {
                    // The state of the checkpoint at 6, which is written after this, is that after the validation.
                    atSix = now.Trainer.MovingAverage!.Values.bytes.ToArray();
                    bestAtSix = state.Best;
                }
                else if (now.Trainer.State.Update == 8 && !poisoned)
                {
                    poisoned = true;
                    now.Poison("decoder.layers.0.feed_forward.branch.inner.weight", float.NaN, row: 0);
                }
            }
        );
        training.IncidentHandler = () =>
            (back, averageBack) = (training.Trainer.State, training.Trainer.MovingAverage!.Values.bytes.ToArray());

        Assert.Equal(TrainingEnd.Finished, training.Run());

        Assert.Single(training.Incidents, incident => incident.Treatment == Treatment.RolledBack);
        Assert.Equal(6, back!.Update);
        Assert.True(back.Best.Update <= 6 && bestAtSix!.Update <= 4);
        Assert.Equal(atSix, averageBack);
    }
}
