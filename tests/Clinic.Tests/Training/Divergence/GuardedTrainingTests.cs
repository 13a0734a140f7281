using TransformerClinic.Residuals;
using TransformerClinic.Training;
using TransformerClinic.Training.Divergence;
using static TransformerClinic.Tests.Training.Divergence.GuardedTraining;

namespace TransformerClinic.Tests.Training.Divergence;

[Trait("Speed", "Slow")]
public sealed class GuardedTrainingTests : IDisposable
{
    private const string SourceEmbeddings = "embeddings.source";
    private const string TargetEmbeddings = "embeddings.target";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_calm_training_has_no_incidents()
    {
        using var training = new GuardedTraining(_folder.FullName, Calm);

        Assert.Equal(TrainingEnd.Finished, training.Run());

        Assert.Empty(training.Incidents);
        Assert.Equal(Updates, training.Made.Count);
        Assert.Equal(Updates, training.Trainer.State.Recent.Nlls.Count);
    }

    [Fact]
    public void A_poisoned_batch_is_found_among_those_of_its_update_and_skipped()
    {
        using var training = new GuardedTraining(_folder.FullName, Calm, PoisonTheMarkedBatch);

        Assert.Equal(TrainingEnd.Finished, training.Run());

        Assert.NotEmpty(training.Incidents);
        Assert.All(
            training.Incidents,
            incident =>
            {
                Assert.Equal(
                    (IncidentKind.NotFinite, Treatment.Skipped, "its loss is not finite"),
                    (incident.Kind, incident.Treatment, incident.Cause)
                );
                Assert.Equal("not finite first in forward order: the embedded source", incident.Where);
                Assert.Contains(Marked, Assert.Single(incident.Batches).Examples);
                Assert.DoesNotContain(incident.Update, training.Made);
            }
        );
        Assert.Equal(Updates, training.Made.Count + training.Incidents.Count);
        Assert.Equal(training.Incidents.Count, training.Trainer.State.SkippedUpdates);
        Assert.All(
            training.Incidents.SelectMany(incident => incident.Batches),
            batch => Assert.Matches("^[0-9a-f]{64}$", batch.Hash)
        );
        Assert.Equal(
            training.Incidents.Count,
            training.Incidents.SelectMany(incident => incident.Batches).DistinctBy(batch => batch.Epoch).Count()
        );
    }

    [Fact]
    public void Stopping_keeps_the_state_before_the_batch_and_another_policy_continues_from_there()
    {
        var options = Calm with { Divergence = new() { Policy = DivergencePolicy.Stop } };
        long stoppedAt;
        byte[] weights;
        using (var training = new GuardedTraining(_folder.FullName, options, PoisonTheMarkedBatch))
        {
            Assert.Equal(TrainingEnd.Diverged, training.Run());
            var incident = Assert.Single(training.Incidents);
            Assert.Equal(Treatment.Stopped, incident.Treatment);
            stoppedAt = incident.Update;
            weights = training.Weights;
            Assert.Equal(stoppedAt - 1, training.Trainer.State.Update);
            Assert.Equal(stoppedAt - 1, training.Store.List()[^1].Update);
        }

        using (var again = new GuardedTraining(_folder.FullName, options))
        {
            Assert.Equal(TrainingEnd.Diverged, again.Run());
            Assert.Equal(stoppedAt, Assert.Single(again.Incidents).Update);
            Assert.Empty(again.Made);
            Assert.Equal(weights, again.Weights);
        }

        using var skipping = new GuardedTraining(_folder.FullName, Calm);
        Assert.Equal(TrainingEnd.Finished, skipping.Run());
        Assert.Equal((stoppedAt, Treatment.Skipped), (skipping.Incidents[0].Update, skipping.Incidents[0].Treatment));
        Assert.Equal(stoppedAt + 1, skipping.Made[0]);
    }

    [Fact]
    public void Rolling_back_undoes_the_updates_since_the_checkpoint_and_skips_their_data()
    {
        var options = Calm with { Divergence = new() { Policy = DivergencePolicy.Rollback } };
        using var training = new GuardedTraining(
            _folder.PathOf("a"),
            options,
            PoisonOnceAt(4, SourceEmbeddings, 3e38f, row: 19)
        );

        Assert.Equal(TrainingEnd.Finished, training.Run());

        var incident = training.Incidents[0];
        Assert.Equal((IncidentKind.NotFinite, Treatment.RolledBack), (incident.Kind, incident.Treatment));
        Assert.Contains(Marked, Assert.Single(incident.Batches).Examples);
        var checkpoint = (incident.Update - 1) / 3 * 3;
        Assert.Equal([.. Range(1, incident.Update - 1), checkpoint + 1], training.Made.Take((int)incident.Update));
        Assert.Equal(training.Incidents.Count, training.Trainer.State.Rollbacks);
        Assert.Equal(Updates, training.Trainer.State.Update);
        Assert.True(training.Trainer.State.Epoch > 0);

        // The same again, bit by bit.
        using var twin = new GuardedTraining(
            _folder.PathOf("b"),
            options,
            PoisonOnceAt(4, SourceEmbeddings, 3e38f, row: 19)
        );
        twin.Run();
        Assert.Equal(training.Made, twin.Made);
        Assert.Equal(training.Weights, twin.Weights);
    }

    [Fact]
    public void Without_a_checkpoint_to_return_to_the_update_is_skipped()
    {
        var options = Calm with
        {
            CheckpointEvery = 1000,
            Divergence = new() { Policy = DivergencePolicy.Rollback },
        };
        using var training = new GuardedTraining(_folder.FullName, options, PoisonTheMarkedBatch);

        Assert.Equal(TrainingEnd.Finished, training.Run());

        Assert.NotEmpty(training.Incidents);
        Assert.All(
            training.Incidents,
            incident =>
                Assert.Equal(
                    (Treatment.Skipped, "its loss is not finite (and there is no checkpoint yet to go back to)"),
                    (incident.Treatment, incident.Cause)
                )
        );
    }

    [Fact]
    public void A_rollback_repairs_a_poisoned_weight_which_never_gets_into_a_checkpoint()
    {
        var options = Calm with { Divergence = new() { Policy = DivergencePolicy.Rollback } };
        using var training = new GuardedTraining(
            _folder.FullName,
            options,
            PoisonOnceAt(5, TargetEmbeddings, float.NaN, row: 7)
        );

        Assert.Equal(TrainingEnd.Finished, training.Run());

        var incident = Assert.Single(training.Incidents);
        Assert.Equal(
            (6, IncidentKind.NotFinite, Treatment.RolledBack),
            (incident.Update, incident.Kind, incident.Treatment)
        );
        Assert.EndsWith(
            "; the weights themselves are not finite in the target embeddings (embeddings.target, row 7, 16 values)",
            incident.Where,
            StringComparison.Ordinal
        );
        Assert.Equal([1, 2, 3, 4, 5, 4, 5, 6], training.Made.Take(8));
        Assert.True(ForwardWatch.IsFinite(training.Trainer.Parameters.Values));
    }

    [Fact]
    public void A_poisoned_weight_that_no_batch_uses_is_found_before_a_checkpoint_is_written()
    {
        // No example has the unknown piece, 3, and the source embeddings are no output projection.
        var options = Calm with
        {
            Divergence = new() { Policy = DivergencePolicy.Rollback },
        };
        using var training = new GuardedTraining(
            _folder.FullName,
            options,
            PoisonOnceAt(8, SourceEmbeddings, float.PositiveInfinity, row: 3)
        );

        Assert.Equal(TrainingEnd.Finished, training.Run());

        var incident = Assert.Single(training.Incidents);
        Assert.Equal(
            (9, IncidentKind.Weights, Treatment.RolledBack),
            (incident.Update, incident.Kind, incident.Treatment)
        );
        Assert.Equal(
            "the weights of the source embeddings (embeddings.source, row 3, 16 values) are not finite, so no "
                + "checkpoint is written",
            incident.Cause
        );
        Assert.Equal([7, 8, 9, 7, 8, 9, 10], training.Made.Skip(6).Take(7));
        Assert.True(ForwardWatch.IsFinite(training.Trainer.Parameters.Values));
    }

    [Fact]
    public void Weights_beyond_repair_end_training_and_the_last_good_checkpoint_stays()
    {
        using var training = new GuardedTraining(
            _folder.FullName,
            Calm,
            PoisonOnceAt(8, TargetEmbeddings, float.NaN, row: 7)
        );

        Assert.Equal(TrainingEnd.Diverged, training.Run());

        Assert.Equal(Treatment.Skipped, training.Incidents[0].Treatment);
        Assert.Equal(
            (9, IncidentKind.Weights, Treatment.Stopped),
            (training.Incidents[^1].Update, training.Incidents[^1].Kind, training.Incidents[^1].Treatment)
        );
        Assert.Equal([3, 6], training.Store.List().Select(checkpoint => checkpoint.Update));
    }

    [Fact]
    public void Skipped_updates_in_a_row_end_training()
    {
        var options = Calm with
        {
            CheckpointEvery = 1000,
            Divergence = new() { SkipsInARow = 4 },
        };
        using var training = new GuardedTraining(
            _folder.FullName,
            options,
            PoisonOnceAt(5, TargetEmbeddings, float.NaN, row: 7)
        );

        Assert.Equal(TrainingEnd.Diverged, training.Run());

        Assert.Equal([6, 7, 8, 9, 10], training.Incidents.Select(incident => incident.Update));
        Assert.Equal(
            (Treatment.Stopped, "4 updates in a row were skipped"),
            (training.Incidents[^1].Treatment, training.Incidents[^1].Cause)
        );
        Assert.Empty(training.Store.List());
    }

    [Fact]
    public void A_poisoned_gradient_is_found_in_its_sublayer()
    {
        // ReZero's x + alpha f(x): with alpha = 0, which is that of the whole layer, an enormous f(x) reaches nothing
        // but alpha's own gradient.
        using var training = new GuardedTraining(
            _folder.FullName,
            Calm with
            {
                Accumulate = 1,
                Schedule = Calm.Schedule with { WarmUpFrom = 0, WarmUpUpdates = 1000 },
            },
            self =>
            {
                if (self.Trainer.State.Update == 1)
                {
                    self.Poison("encoder.layers.1.feed_forward.branch.outer.bias", 3e38f);
                    self.Poison("encoder.layers.1.self_attention.residual.alpha", 0);
                }
            },
            ResidualVariant.Rezero
        );

        training.Run();

        Assert.Equal((2, "its gradient is not finite"), (training.Incidents[0].Update, training.Incidents[0].Cause));
        Assert.Equal(
            "all outputs are finite; the gradient is not, first in forward order that of encoder layer 2, "
                + "self-attention (encoder.layers.1.self_attention.residual.alpha, 1 values)",
            training.Incidents[0].Where
        );
    }

    [Fact]
    public void An_output_that_is_not_finite_is_found_in_its_sublayer()
    {
        using var training = new GuardedTraining(
            _folder.FullName,
            Calm,
            PoisonOnceAt(5, "decoder.layers.1.cross_attention.branch.output_projection.bias", float.NaN)
        );

        training.Run();

        Assert.Equal(
            "not finite first in forward order: the output of decoder layer 2, cross-attention; the weights "
                + "themselves are not finite in decoder layer 2, cross-attention "
                + "(decoder.layers.1.cross_attention.branch.output_projection.bias, 16 values)",
            training.Incidents[0].Where
        );
    }

    [Fact]
    public void After_the_last_rollback_the_next_divergence_ends_training()
    {
        var options = Calm with
        {
            MaxUpdates = 1000,
            Divergence = new() { Policy = DivergencePolicy.Rollback, Rollbacks = 2 },
        };
        using var training = new GuardedTraining(
            _folder.FullName,
            options,
            self =>
            {
                if (self.Trainer.State.Update is > 3 and var update && update % 3 == 1)
                {
                    self.Poison(SourceEmbeddings, 3e38f, row: 19);
                }
            }
        );

        Assert.Equal(TrainingEnd.Diverged, training.Run());

        Assert.Equal(
            [Treatment.RolledBack, Treatment.RolledBack, Treatment.Stopped],
            training.Incidents.Select(incident => incident.Treatment)
        );
        Assert.Equal(training.Incidents[^1].Update - 1, training.Store.List()[^1].Update);
    }

    /// <summary>
    /// Makes the embedding of the marked word so large that its batch overflows; finite, so that checkpoints are
    /// written.
    /// </summary>
    private static void PoisonTheMarkedBatch(GuardedTraining training)
    {
        if (training.Trainer.State is { Update: 1 })
        {
            training.Poison(SourceEmbeddings, 3e38f, row: 19);
        }
    }

    private static Action<GuardedTraining> PoisonOnceAt(long update, string parameter, float value, int? row = null)
    {
        var done = false;
        return training =>
        {
            if (!done && training.Trainer.State.Update == update)
            {
                done = true;
                training.Poison(parameter, value, row);
            }
        };
    }

    private static IEnumerable<long> Range(long first, long count) =>
        Enumerable.Range((int)first, (int)count).Select(i => (long)i);
}
