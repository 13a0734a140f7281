using TransformerClinic.Training;
using TransformerClinic.Training.Schedules;

namespace TransformerClinic.Tests.Training.Schedules;

public class PlateauScheduleTests
{
    private static readonly ScheduleOptions Options = new()
    {
        Name = ScheduleName.Plateau,
        LearningRate = 1e-3,
        WarmUpUpdates = 4,
        Factor = 0.5,
        Patience = 2,
        MinLearningRate = 2e-4,
    };

    [Fact]
    public void It_falls_by_the_factor_whenever_patience_runs_out_and_never_below_the_floor()
    {
        // Losses, and the learning rate of the update after each: improvements at 3.0 and 2.5 only.
        (double Loss, double Rate)[] course =
        [
            (3.0, 1e-3),
            (3.1, 1e-3),
            (2.5, 1e-3),
            (2.5, 1e-3),
            (2.6, 5e-4),
            (2.55, 5e-4),
            (2.7, 2.5e-4),
            (2.51, 2.5e-4),
            (2.9, 2e-4),
            (9, 2e-4),
            (9, 2e-4),
        ];
        Assert.Equal(course.Select(point => point.Rate), Rates([.. course.Select(point => point.Loss)]));
    }

    [Fact]
    public void An_improvement_is_more_than_a_ten_thousandth_of_the_best()
    {
        Assert.Equal([1e-3, 1e-3, 5e-4], Rates([2.0, 1.9999, 1.99981]));
        Assert.Equal([1e-3, 1e-3, 1e-3], Rates([2.0, 1.9997, 1.9994]));
    }

    [Fact]
    public void A_loss_that_is_not_finite_is_no_improvement() =>
        Assert.Equal([1e-3, 5e-4, 5e-4], Rates([double.NaN, double.PositiveInfinity, 2.0]));

    [Fact]
    public void Validations_during_warm_up_do_not_count()
    {
        var schedule = LearningRateSchedule.Create(Options, maxUpdates: 100);
        Assert.Equal(ScheduleState.Begin, schedule.After(ScheduleState.Begin, 4, 1.0));
        Assert.Equal(new BestValidation(2.0, 5, 0), schedule.After(ScheduleState.Begin, 5, 2.0).Best);
    }

    [Fact]
    public void The_others_look_at_no_validation() =>
        Assert.All(
            Enum.GetValues<ScheduleName>().Where(name => name != ScheduleName.Plateau),
            name =>
                Assert.Same(
                    ScheduleState.Begin,
                    LearningRateSchedule.Create(Options with { Name = name }, 100).After(ScheduleState.Begin, 50, 1.0)
                )
        );

    private static List<double> Rates(double[] losses)
    {
        var schedule = LearningRateSchedule.Create(Options, maxUpdates: 100);
        var (state, rates) = (ScheduleState.Begin, new List<double>());
        foreach (var (loss, i) in losses.Select((loss, i) => (loss, i)))
        {
            state = schedule.After(state, 10 + i, loss);
            rates.Add(schedule.At(11 + i, state));
        }

        return rates;
    }
}
