using TransformerClinic.Diagnosis;
using TransformerClinic.Residuals;

namespace TransformerClinic.Tests.Diagnosis;

public class GrowthFitTests
{
    private static readonly double[] Sizes = [.. Enumerable.Range(1, 24).Select(n => (double)n)];

    [Fact]
    public void A_line_is_found_exactly()
    {
        var fit = GrowthFit.Of(Sizes, [.. Sizes.Select(n => 3 + (0.5 * n))]);

        Assert.Equal(
            (3, 0.5, 1),
            (
                Math.Round(fit.Linear.Intercept, 12),
                Math.Round(fit.Linear.Slope, 12),
                Math.Round(fit.Linear.RSquared, 12)
            )
        );
        Assert.InRange(fit.Logarithmic.RSquared, 0.5, 0.95);
        Assert.Equal(OutputChange.Linear, fit.Best);
    }

    [Fact]
    public void A_logarithm_is_found_exactly()
    {
        var fit = GrowthFit.Of(Sizes, [.. Sizes.Select(n => 3 + (0.5 * Math.Log(n)))]);

        Assert.Equal(
            (3, 0.5, 1),
            (
                Math.Round(fit.Logarithmic.Intercept, 12),
                Math.Round(fit.Logarithmic.Slope, 12),
                Math.Round(fit.Logarithmic.RSquared, 12)
            )
        );
        Assert.Equal(OutputChange.LogN, fit.Best);
    }

    [Theory]
    [InlineData(0.1, 0)]
    [InlineData(0.1, 0.01)]
    [InlineData(7, 1)]
    public void What_only_wavers_is_constant(double mean, double amplitude)
    {
        var fit = GrowthFit.Of(Sizes, [.. Sizes.Select(n => mean + (amplitude * (n % 2 == 0 ? 1 : -1)))]);

        Assert.Equal(OutputChange.Constant, fit.Best);
        Assert.Equal((mean, 0), (Math.Round(fit.Constant.Intercept, 12), fit.Constant.RSquared));
    }

    [Fact]
    public void Values_that_are_not_finite_have_no_best() => Assert.Null(GrowthFit.Of([1, 2], [1, double.NaN]).Best);

    [Fact]
    public void No_points_and_unequal_numbers_are_refused()
    {
        Assert.Throws<ArgumentException>(() => GrowthFit.Of([], []));
        Assert.Throws<ArgumentException>(() => GrowthFit.Of([1], [1, 2]));
    }
}
