using TransformerClinic.Comparisons.Statistics;

namespace TransformerClinic.Tests.Comparisons.Statistics;

public class MeanTests
{
    private static readonly double[] First = [1.87, 1.91, 1.85];
    private static readonly double[] Second = [2.14, 2.09, 2.17, 2.31];

    [Fact]
    public void An_interval_of_a_mean_is_students()
    {
        var interval = MeanInterval.Of(First)!;

        // m = 5.63/3; s^2 = sum (x - m)^2 / 2; the table has 4.302652730 for 2 degrees of freedom.
        var mean = (1.87 + 1.91 + 1.85) / 3;
        var variance = (Math.Pow(1.87 - mean, 2) + Math.Pow(1.91 - mean, 2) + Math.Pow(1.85 - mean, 2)) / 2;
        Assert.Equal(mean, interval.Mean, 1e-14);
        Assert.Equal(4.302652730 * Math.Sqrt(variance / 3), interval.HalfWidth!.Value, 1e-9);
        Assert.Equal(interval.Mean + interval.HalfWidth, interval.High);
        Assert.Equal(interval.Mean - interval.HalfWidth, interval.Low);
    }

    [Fact]
    public void One_value_has_no_interval_and_none_no_mean()
    {
        Assert.Null(MeanInterval.Of([3])!.HalfWidth);
        Assert.Null(MeanInterval.Of([]));
    }

    [Fact]
    public void Two_means_are_compared_by_welch()
    {
        var test = WelchTest.Of(First, Second)!;

        var (m1, m2) = (First.Sum() / 3, Second.Sum() / 4);
        var a = First.Sum(x => (x - m1) * (x - m1)) / 2 / 3;
        var b = Second.Sum(x => (x - m2) * (x - m2)) / 3 / 4;
        var degrees = Math.Pow(a + b, 2) / ((a * a / 2) + (b * b / 3));
        var error = Math.Sqrt(a + b);
        Assert.Equal(m2 - m1, test.Difference, 1e-14);
        Assert.Equal(NumericTails.TwoSided((m2 - m1) / error, degrees), test.P, 1e-7);
        Assert.Equal(0.05, NumericTails.TwoSided(test.HalfWidth / error, degrees), 1e-6);
        Assert.Equal(test.P, WelchTest.Of(Second, First)!.P, 1e-15);
    }

    [Fact]
    public void A_single_value_cannot_be_compared_and_equal_values_need_no_test()
    {
        Assert.Null(WelchTest.Of([1], Second));
        Assert.Equal(1, WelchTest.Of([1, 1], [1, 1])!.P);
        Assert.Equal(0, WelchTest.Of([1, 1], [2, 2])!.P);
    }

    [Fact]
    public void Several_tests_are_corrected_by_holm()
    {
        // In order 0.005, 0.01, 0.03, 0.04: times 4, 3, 2, 1, and none smaller than one before.
        Assert.Equal([0.03, 0.06, 0.06, 0.02], HolmCorrection.Adjust([0.01, 0.04, 0.03, 0.005]), Near);
        Assert.Equal([1.0, 1.0], HolmCorrection.Adjust([0.7, 0.9]), Near);
        Assert.Empty(HolmCorrection.Adjust([]));
    }

    private static bool Near(double first, double second) => Math.Abs(first - second) < 1e-15;
}
