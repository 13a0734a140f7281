using TransformerClinic.Training.Schedules;

namespace TransformerClinic.Tests.Training.Schedules;

public class LearningRateScheduleTests
{
    private static readonly ScheduleOptions Options = new()
    {
        LearningRate = 1e-3,
        WarmUpUpdates = 4,
        WarmUpFrom = 1e-7,
    };

    [Fact]
    public void The_first_update_runs_at_the_warm_ups_start_and_the_peak_follows_the_warm_up()
    {
        foreach (var name in Enum.GetValues<ScheduleName>())
        {
            var schedule = Create(Options with { Name = name });
            Assert.Equal(1e-7, At(schedule, 1));
            Assert.Equal(1e-7 + ((1e-3 - 1e-7) / 4), At(schedule, 2), 1e-18);
            Assert.Equal(1e-7 + (3 * (1e-3 - 1e-7) / 4), At(schedule, 4), 1e-18);
            Assert.Equal(1e-3, At(schedule, 5), 1e-18);
        }
    }

    [Theory]
    [InlineData(17)]
    [InlineData(101)]
    [InlineData(1_000_001)]
    public void After_the_warm_up_it_falls_with_the_root_of_the_updates(long update) =>
        Assert.Equal(1e-3 * Math.Sqrt(4.0 / (update - 1)), At(Create(Options), update), 1e-17);

    [Fact]
    public void The_linear_schedule_falls_in_a_straight_line_to_zero()
    {
        var schedule = Create(Options with { Name = ScheduleName.Linear }, maxUpdates: 104);
        Assert.Equal(1e-3, At(schedule, 5), 1e-18);
        Assert.Equal(0.5e-3, At(schedule, 55), 1e-18);
        Assert.Equal(1e-5, At(schedule, 104), 1e-18);
        Assert.Equal(0, At(schedule, 105));
        Assert.Equal(0, At(schedule, 1000));
    }

    [Theory]
    [InlineData(1e-5)]
    [InlineData(0)]
    public void The_cosine_falls_by_half_a_wave_to_its_floor_at_the_last_update_and_stays_there(double floor)
    {
        var schedule = Create(Options with { Name = ScheduleName.Cosine, MinLearningRate = floor }, maxUpdates: 104);
        Assert.Equal((1e-3 + floor) / 2, At(schedule, 55), 1e-18);
        Assert.All(
            Enumerable.Range(5, 100),
            update =>
                Assert.Equal(
                    floor + (0.5 * (1e-3 - floor) * (1 + Math.Cos(Math.PI * (update - 5) / 100))),
                    At(schedule, update),
                    1e-17
                )
        );
        Assert.Equal(floor, At(schedule, 105), 1e-18);
        Assert.Equal(floor, At(schedule, 1000), 1e-18);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1e-5)]
    [InlineData(0.5, 1e-4)]
    public void The_polynomial_falls_as_a_power_of_what_is_left_of_training(double power, double floor)
    {
        var schedule = Create(
            Options with
            {
                Name = ScheduleName.Polynomial,
                Power = power,
                MinLearningRate = floor,
            },
            maxUpdates: 104
        );
        Assert.All(
            Enumerable.Range(5, 100),
            update =>
                Assert.Equal(
                    floor + ((1e-3 - floor) * Math.Pow((105 - update) / 100.0, power)),
                    At(schedule, update),
                    1e-17
                )
        );
        Assert.Equal(floor, At(schedule, 105), 1e-18);
        Assert.Equal(floor, At(schedule, 1000), 1e-18);
    }

    [Theory]
    [InlineData(ScheduleName.Linear)]
    [InlineData(ScheduleName.InverseSqrt)]
    [InlineData(ScheduleName.Cosine)]
    [InlineData(ScheduleName.Polynomial)]
    [InlineData(ScheduleName.Plateau)]
    public void Neither_one_update_of_warm_up_nor_a_warm_up_longer_than_the_training_breaks_it(ScheduleName name)
    {
        Assert.Equal(1e-3, At(Create(Options with { Name = name, WarmUpUpdates = 1 }), 2), 1e-18);
        var endless = Create(Options with { Name = name, WarmUpUpdates = 1000 }, maxUpdates: 10);
        Assert.All(Enumerable.Range(1, 2000), update => Assert.InRange(At(endless, update), 0, 1e-3));
    }

    [Theory]
    [InlineData(ScheduleName.Linear)]
    [InlineData(ScheduleName.Cosine)]
    [InlineData(ScheduleName.Polynomial)]
    public void A_schedule_with_a_total_of_its_own_does_not_look_at_the_last_update(ScheduleName name)
    {
        var whole = Create(Options with { Name = name }, maxUpdates: 104);
        var part = Create(Options with { Name = name, TotalUpdates = 104 }, maxUpdates: 10);
        Assert.All(Enumerable.Range(1, 200), update => Assert.Equal(At(whole, update), At(part, update)));
    }

    private static LearningRateSchedule Create(ScheduleOptions options, int maxUpdates = 100) =>
        LearningRateSchedule.Create(options, maxUpdates);

    private static double At(LearningRateSchedule schedule, long update) => schedule.At(update, ScheduleState.Begin);
}
