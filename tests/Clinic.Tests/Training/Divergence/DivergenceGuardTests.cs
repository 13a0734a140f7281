using TransformerClinic.Training;
using TransformerClinic.Training.Divergence;

namespace TransformerClinic.Tests.Training.Divergence;

public class DivergenceGuardTests
{
    private static readonly DivergenceOptions Options = new()
    {
        Window = 10,
        Spread = 5,
        Plateau = 50,
    };

    /// <summary>
    /// Ten updates: median 3.05, spread 1.4826 * 0.05; the same, ten times as much, as gradient norms.
    /// </summary>
    private static readonly RecentUpdates Calm = Updates(3, 3.1, 3, 3.1, 3, 3.1, 3, 3.1, 3, 3.1);

    [Theory]
    [InlineData(double.NaN, 3, 1, "its loss is not finite")]
    [InlineData(3, double.PositiveInfinity, 1, "its loss is not finite")]
    [InlineData(3, 3, double.NaN, "its gradient is not finite")]
    [InlineData(3, 3, double.PositiveInfinity, "its gradient is not finite")]
    public void Values_that_are_not_finite_are_found_from_the_first_update(
        double loss,
        double nll,
        double norm,
        string cause
    ) =>
        Assert.Equal(
            (IncidentKind.NotFinite, cause),
            new DivergenceGuard(Options, null).Examine(RecentUpdates.None, loss, nll, norm)
        );

    [Theory]
    [InlineData(3.4, 34, null)]
    [InlineData(0, 0, null)]
    [InlineData(
        3.5,
        30,
        "its nll of 3.5 is beyond 3.421: the median of the last 10 updates, 3.05, and 5 times their spread, 0.074"
    )]
    [InlineData(
        3,
        35,
        "its gradient norm of 35 is beyond 34.207: the median of the last 10 updates, 30.5, and 5 times their "
            + "spread, 0.741"
    )]
    public void A_jump_is_a_value_beyond_the_limit(double nll, double norm, string? cause) =>
        Assert.Equal(cause, new DivergenceGuard(Options, null).Examine(Calm, nll, nll, norm)?.Cause);

    [Fact]
    public void The_guard_looks_for_jumps_once_there_are_enough_updates_and_if_the_recipe_says_so()
    {
        Assert.Null(new DivergenceGuard(Options with { Window = 11 }, null).Examine(Calm, 1e9, 1e9, 1e9));
        Assert.Null(new DivergenceGuard(Options with { Spread = 0 }, null).Examine(Calm, 1e9, 1e9, 1e9));
    }

    [Theory]
    [InlineData(IncidentKind.NotFinite, DivergencePolicy.Skip, Treatment.Skipped)]
    [InlineData(IncidentKind.NotFinite, DivergencePolicy.Stop, Treatment.Stopped)]
    [InlineData(IncidentKind.NotFinite, DivergencePolicy.Rollback, Treatment.RolledBack)]
    [InlineData(IncidentKind.Weights, DivergencePolicy.Skip, Treatment.Stopped)]
    [InlineData(IncidentKind.Weights, DivergencePolicy.Stop, Treatment.Stopped)]
    [InlineData(IncidentKind.Weights, DivergencePolicy.Rollback, Treatment.RolledBack)]
    [InlineData(IncidentKind.Plateau, DivergencePolicy.Skip, Treatment.Told)]
    [InlineData(IncidentKind.Plateau, DivergencePolicy.Stop, Treatment.Stopped)]
    [InlineData(IncidentKind.Plateau, DivergencePolicy.Rollback, Treatment.Told)]
    [InlineData(IncidentKind.Jump, DivergencePolicy.Skip, Treatment.Skipped)]
    [InlineData(IncidentKind.Jump, DivergencePolicy.Stop, Treatment.Stopped)]
    [InlineData(IncidentKind.Jump, DivergencePolicy.Rollback, Treatment.RolledBack)]
    public void An_incident_is_treated_by_the_recipes_policy(object kind, DivergencePolicy policy, object treatment)
    {
        var options = Options with { Policy = policy, Jumps = JumpHandling.Treat };

        var incident = (IncidentKind)kind;

        Assert.Equal(treatment, new DivergenceGuard(options, null).Treat(incident, new TrainingState()));
        if (incident == IncidentKind.Jump)
        {
            Assert.Equal(
                Treatment.Told,
                new DivergenceGuard(options with { Jumps = JumpHandling.Tell }, null).Treat(
                    incident,
                    new TrainingState()
                )
            );
        }
    }

    [Fact]
    public void After_the_last_rollback_training_stops()
    {
        var guard = new DivergenceGuard(Options with { Policy = DivergencePolicy.Rollback, Rollbacks = 2 }, null);

        Assert.Equal(Treatment.RolledBack, guard.Treat(IncidentKind.NotFinite, new TrainingState { Rollbacks = 1 }));
        Assert.Equal(Treatment.Stopped, guard.Treat(IncidentKind.NotFinite, new TrainingState { Rollbacks = 2 }));
    }

    [Fact]
    public void Skipped_updates_in_a_row_mean_that_the_model_is_beyond_repair()
    {
        var guard = new DivergenceGuard(Options with { SkipsInARow = 3 }, null);

        Assert.Null(guard.IsBeyondRepair(new TrainingState { SkippedInARow = 2, SkippedUpdates = 100 }));
        Assert.Equal("3 updates in a row were skipped", guard.IsBeyondRepair(new TrainingState { SkippedInARow = 3 }));
    }

    [Theory]
    [InlineData(50, 3.5, true)]
    [InlineData(100, 3.0, true)]
    [InlineData(50, 3.6, false)] // 3.05 is clearly below
    [InlineData(49, 3.0, false)] // not asked
    [InlineData(51, 3.0, false)]
    [InlineData(50, null, false)]
    public void A_plateau_is_a_loss_not_clearly_below_that_of_word_frequencies(
        long update,
        double? unigramNll,
        bool stuck
    )
    {
        var state = new TrainingState { Update = update, Recent = Calm };

        Assert.Equal(stuck, new DivergenceGuard(Options, unigramNll).Plateau(state) is not null);
        Assert.Null(new DivergenceGuard(Options with { Plateau = 0 }, unigramNll).Plateau(state));
        Assert.Null(new DivergenceGuard(Options, unigramNll).Plateau(state with { Recent = RecentUpdates.None }));
    }

    [Fact]
    public void Of_consecutive_jumps_that_are_only_reported_the_first_is()
    {
        var jumped = new TrainingState { Recent = Calm with { Jumped = true } };

        Assert.True(new DivergenceGuard(Options, null).AlreadyReported(IncidentKind.Jump, jumped));
        Assert.False(
            new DivergenceGuard(Options, null).AlreadyReported(IncidentKind.Jump, new TrainingState { Recent = Calm })
        );
        Assert.False(new DivergenceGuard(Options, null).AlreadyReported(IncidentKind.NotFinite, jumped));
        Assert.False(
            new DivergenceGuard(Options with { Jumps = JumpHandling.Treat }, null).AlreadyReported(
                IncidentKind.Jump,
                jumped
            )
        );
    }

    [Fact]
    public void The_guard_remembers_a_window_of_updates()
    {
        var recent = Updates([.. Enumerable.Range(0, 25).Select(i => (double)i)]);

        Assert.Equal([.. Enumerable.Range(15, 10).Select(i => (double)i)], recent.Nlls);
        Assert.Equal([240, 250], recent.Plus(25, 250, jumped: true, window: 2).GradientNorms);
        Assert.True(recent.Plus(25, 250, jumped: true, window: 10).Jumped);
    }

    private static RecentUpdates Updates(params double[] nlls) =>
        nlls.Aggregate(RecentUpdates.None, (recent, nll) => recent.Plus(nll, 10 * nll, jumped: false, Options.Window));
}
