using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Training.Schedules;

namespace TransformerClinic.Tests.Diagnosis.Findings;

public class RangeCurveTests
{
    private const int Updates = 100;

    [Fact]
    public void The_rate_grows_by_the_same_factor_at_every_update()
    {
        var schedule = new RampSchedule(1e-5, 1, Updates);
        double[] rates = [.. Enumerable.Range(1, Updates).Select(update => schedule.At(update, ScheduleState.Begin))];

        Assert.Equal((1e-5, 1.0), (rates[0], Math.Round(rates[^1], 12)));
        Assert.All(
            rates.Zip(rates.Skip(1)),
            pair => Assert.Equal(Math.Pow(1e5, 1.0 / 99), pair.Second / pair.First, 1e-9)
        );
    }

    [Fact]
    public void The_maximum_is_where_the_smoothed_loss_is_lowest_and_the_ramp_ends_half_a_nat_above_it()
    {
        // A parabola in the update: lowest at 60, half a nat higher 8 updates later.
        var curve = Ramp(t => 6 + (0.01 * (t - 60) * (t - 60)), halfWindow: 2);

        Assert.Equal(RangeEnd.Diverged, curve.End);
        Assert.Equal(Rate(60), curve.MaxTolerable);
        Assert.Equal(6 + (0.01 * ((4 + 1 + 0 + 1 + 4) / 5.0)), curve.Lowest!.Value, 1e-12);
        Assert.Equal(60 + 8 + 2 + 1, curve.Points.Count);
        Assert.Null(curve.Points[1].Smoothed);
        Assert.Null(curve.Points[^1].Smoothed);
        Assert.Equal(curve.Lowest, curve.Points[60].Smoothed);
    }

    [Fact]
    public void One_odd_batch_ends_nothing() =>
        Assert.Equal(RangeEnd.ReachedTop, Ramp(t => 8 - (0.02 * t) + (t == 50 ? 1.5 : 0), halfWindow: 2).End);

    [Fact]
    public void A_loss_that_has_fallen_and_stays_while_the_rate_triples_has_stagnated()
    {
        var curve = Ramp(t => t < 40 ? 8 - (0.05 * t) : 6.1, halfWindow: 1);

        Assert.Equal(RangeEnd.Stagnated, curve.End);
        Assert.InRange(curve.Points[^1].LearningRate / curve.MaxTolerable!.Value, 3.1, 4.5);
    }

    [Fact]
    public void A_loss_that_never_falls_tolerates_nothing_and_one_that_is_not_finite_ends_the_ramp()
    {
        Assert.Null(Ramp(_ => 8, halfWindow: 2).MaxTolerable);
        Assert.Equal(RangeEnd.ReachedTop, Ramp(_ => 8, halfWindow: 2).End);
        var broken = Ramp(t => t < 30 ? 8 - (0.05 * t) : double.NaN, halfWindow: 2);
        Assert.Equal((RangeEnd.NotFinite, 31), (broken.End, broken.Points.Count));
        Assert.Equal(Rate(27), broken.MaxTolerable);
        Assert.Null(broken.Points[^1].Nll);
    }

    [Theory]
    [InlineData(1e-3, ", which is within it.")]
    [InlineData(5e-3, ", which leaves little room.")]
    [InlineData(2e-2, ", which is more than it tolerates: expect training to fail.")]
    public void The_verdict_compares_with_the_recipes_own_rate(double recipe, string words)
    {
        var ramp = new LearningRateRange(1, 9e-3, 5, RangeEnd.Diverged, 0.1, [new RangePoint(0.1, 6, null)]);
        var results = new RangeResults("small", recipe, 300, [ramp with { Seed = 2, MaxTolerable = 2e-2 }, ramp]);

        Assert.Equal((9e-3, 3e-3), (results.MaxTolerable, Math.Round(results.Proposed!.Value, 12)));
        Assert.StartsWith(
            "small tolerates a learning rate of 9.0e-3. Train with 3.0e-3 at most; the recipe has ",
            results.Verdict[0],
            StringComparison.Ordinal
        );
        Assert.EndsWith(words, results.Verdict[0], StringComparison.Ordinal);
        Assert.Null((results with { Ramps = [ramp, ramp with { MaxTolerable = null }] }).Proposed);
    }

    [Theory]
    [InlineData(2e-2, 9e-3, 3e-3, "The smaller counts.")]
    [InlineData(6e-3, 6e-3, 3e-3, "only word frequencies.")]
    [InlineData(2e-4, 2e-4, 2e-4, "only word frequencies.")]
    public void The_smaller_of_ramp_and_prediction_counts(double predicted, double most, double proposed, string words)
    {
        var ramp = new LearningRateRange(1, 9e-3, 5, RangeEnd.Diverged, 0.1, [new RangePoint(0.1, 6, null)]);
        var results = new RangeResults("small", 1e-3, 300, [ramp]) { Predicted = predicted };

        Assert.Equal((most, proposed), (results.MaxTolerable, Math.Round(results.Proposed!.Value, 12)));
        Assert.EndsWith(words, results.Verdict[1], StringComparison.Ordinal);
    }

    private static double Rate(int t) => 1e-5 * Math.Pow(1e5, t / (Updates - 1.0));

    private static RangeCurve Ramp(Func<int, double> loss, int halfWindow)
    {
        var curve = new RangeCurve(halfWindow);
        for (var t = 0; curve.End is null; t++)
        {
            curve.Add(Rate(t), loss(t), t == Updates - 1);
        }

        return curve;
    }
}
