using TransformerClinic.Training;

namespace TransformerClinic.Tests.Training;

public class LearningRateScheduleTests
{
    private static readonly ScheduleOptions Options = new() { LearningRate = 1e-3, WarmUpUpdates = 4, WarmUpFrom = 1e-7 };

    [Fact]
    public void The_first_update_runs_at_the_warm_ups_start_and_the_peak_follows_the_warm_up()
    {
        var schedule = new LearningRateSchedule(Options, maxUpdates: 100);
        Assert.Equal(1e-7, schedule.At(1));
        Assert.Equal(1e-7 + ((1e-3 - 1e-7) / 4), schedule.At(2), 1e-18);
        Assert.Equal(1e-7 + (3 * (1e-3 - 1e-7) / 4), schedule.At(4), 1e-18);
        Assert.Equal(1e-3, schedule.At(5), 1e-18);
    }

    [Theory]
    [InlineData(17)]
    [InlineData(101)]
    [InlineData(1_000_001)]
    public void After_the_warm_up_it_falls_with_the_root_of_the_updates(long update) => Assert.Equal(
        1e-3 * Math.Sqrt(4.0 / (update - 1)),
        new LearningRateSchedule(Options, maxUpdates: 100).At(update),
        1e-17);

    [Fact]
    public void The_linear_schedule_falls_in_a_straight_line_to_zero()
    {
        var schedule = new LearningRateSchedule(Options with { Name = ScheduleName.Linear }, maxUpdates: 104);
        Assert.Equal(1e-3, schedule.At(5), 1e-18);
        Assert.Equal(0.5e-3, schedule.At(55), 1e-18);
        Assert.Equal(1e-5, schedule.At(104), 1e-18);
        Assert.Equal(0, schedule.At(105));
        Assert.Equal(0, schedule.At(1000));
    }

    [Theory]
    [InlineData(ScheduleName.Linear)]
    [InlineData(ScheduleName.InverseSqrt)]
    public void Neither_one_update_of_warm_up_nor_a_warm_up_longer_than_the_training_breaks_it(ScheduleName name)
    {
        Assert.Equal(1e-3, new LearningRateSchedule(Options with { Name = name, WarmUpUpdates = 1 }, maxUpdates: 100).At(2), 1e-18);
        var endless = new LearningRateSchedule(Options with { Name = name, WarmUpUpdates = 1000 }, maxUpdates: 10);
        Assert.All(Enumerable.Range(1, 2000), update => Assert.InRange(endless.At(update), 0, 1e-3));
    }
}
