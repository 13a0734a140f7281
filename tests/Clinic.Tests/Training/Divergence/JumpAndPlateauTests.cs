using TransformerClinic.Training;
using TransformerClinic.Training.Divergence;
using static TransformerClinic.Tests.Training.Divergence.GuardedTraining;

namespace TransformerClinic.Tests.Training.Divergence;

/// <summary>What the guard does about a loss that jumps, or that stays where it is.</summary>
[Trait("Speed", "Slow")]
public sealed class JumpAndPlateauTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_jump_is_reported_with_the_part_of_the_model_that_has_the_largest_gradient_and_changes_nothing()
    {
        using var training = new GuardedTraining(
            _folder.PathOf("a"),
            Calm with
            {
                Divergence = new() { Window = 10, Spread = 1 },
            }
        );
        using var blind = new GuardedTraining(
            _folder.PathOf("b"),
            Calm with
            {
                Divergence = new() { Window = 10, Spread = 0 },
            }
        );

        Assert.Equal(TrainingEnd.Finished, training.Run());
        Assert.Equal(TrainingEnd.Finished, blind.Run());

        Assert.NotEmpty(training.Incidents);
        Assert.All(
            training.Incidents,
            incident =>
            {
                Assert.Equal((IncidentKind.Jump, Treatment.Told), (incident.Kind, incident.Treatment));
                Assert.Matches(@"^\d+ % of the squared gradient norm is of (encoder|decoder|the) \w", incident.Where);
                Assert.Equal(2, incident.Batches.Count);
            }
        );
        Assert.Empty(blind.Incidents);
        Assert.Equal(blind.Weights, training.Weights);
    }

    [Fact]
    public void A_jump_that_is_treated_is_skipped()
    {
        using var training = new GuardedTraining(
            _folder.FullName,
            Calm with
            {
                Divergence = new()
                {
                    Window = 10,
                    Spread = 1,
                    Jumps = JumpHandling.Treat,
                },
            }
        );

        Assert.Equal(TrainingEnd.Finished, training.Run());

        Assert.All(
            training.Incidents,
            incident => Assert.Equal((IncidentKind.Jump, Treatment.Skipped), (incident.Kind, incident.Treatment))
        );
        Assert.Equal(
            Range(1, Updates),
            training.Made.Concat(training.Incidents.Select(incident => incident.Update)).Order()
        );
        Assert.NotEmpty(training.Incidents);
    }

    [Theory]
    [InlineData(DivergencePolicy.Skip, TrainingEnd.Finished, new long[] { 12, 24 })]
    [InlineData(DivergencePolicy.Stop, TrainingEnd.Stuck, new long[] { 12 })]
    public void A_plateau_is_reported_and_ends_training_if_that_is_the_policy(
        DivergencePolicy policy,
        TrainingEnd end,
        long[] told
    )
    {
        var options = Calm with
        {
            Divergence = new()
            {
                Policy = policy,
                Window = 10,
                Spread = 0,
                Plateau = 12,
            },
        };
        using (var training = new GuardedTraining(_folder.FullName, options, unigramNll: 0.5))
        {
            Assert.Equal(end, training.Run());
            Assert.Equal(told, training.Incidents.Select(incident => incident.Update));
            Assert.All(training.Incidents, incident => Assert.Equal(IncidentKind.Plateau, incident.Kind));
            Assert.Equal(told[^1], training.Store.List()[^1].Update);
        }

        using var again = new GuardedTraining(_folder.FullName, options, unigramNll: 0.5);
        Assert.Equal(end, again.Run());
        Assert.Empty(again.Incidents);
        Assert.Empty(again.Made);
    }

    private static IEnumerable<long> Range(long first, long count) =>
        Enumerable.Range((int)first, (int)count).Select(i => (long)i);
}
