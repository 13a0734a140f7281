using TransformerClinic.Reproduction.Verification.Quantities;

namespace TransformerClinic.Reproduction.Tests.Verification.Quantities;

public class ComparisonTests
{
    private static readonly Tolerance OnePercent = new(0.01, Measure.Relative);

    [Fact]
    public void Differences_are_relative_to_the_largest_value_expected()
    {
        var comparison = new Comparison("x");
        comparison.Add("a", [1, -4, 0], [1.02, -4, 0.01], OnePercent);

        var quantity = comparison.Result();
        Assert.Equal((Verdict.Holds, "1e-2 relative", ""), (quantity.Verdict, quantity.Tolerance, quantity.Detail));
        Assert.Equal(0.02, quantity.Absolute!.Value, 1e-12);
        Assert.Equal(0.005, quantity.Relative!.Value, 1e-12);
    }

    [Fact]
    public void Each_piece_is_measured_on_its_own_and_the_worst_is_named()
    {
        var comparison = new Comparison("x");
        comparison.Add("large", [1000.0], [1001.0], OnePercent);
        comparison.Add("small", [0.1], [0.11], OnePercent);

        var quantity = comparison.Result("2 pieces");
        Assert.Equal((Verdict.Fails, "largest: small; 2 pieces"), (quantity.Verdict, quantity.Detail));
        Assert.Equal(1, quantity.Absolute!.Value, 1e-9);
    }

    [Theory]
    [InlineData(0.0, 0.0, true)]
    [InlineData(0.0, 1e-300, false)]
    [InlineData(1.0, double.NaN, false)]
    [InlineData(double.NaN, 1.0, false)]
    [InlineData(1.0, double.PositiveInfinity, false)]
    public void Zero_must_be_zero_and_a_value_that_is_not_a_number_never_holds(
        double expected,
        double found,
        bool holds
    )
    {
        var comparison = new Comparison("x");
        comparison.Add("a", expected, found, OnePercent);

        Assert.Equal(holds ? Verdict.Holds : Verdict.Fails, comparison.Result().Verdict);
    }

    [Fact]
    public void Another_shape_fails()
    {
        var comparison = new Comparison("x");
        comparison.Add("a", [1, 2], [1, 2, 3], OnePercent);

        Assert.Equal(
            (Verdict.Fails, "a is [3] instead of [2]"),
            (comparison.Result().Verdict, comparison.Result().Detail)
        );
    }

    [Theory]
    [InlineData(0.004, true)]
    [InlineData(0.02, false)]
    public void Values_that_may_all_be_small_are_compared_with_one(double difference, bool holds)
    {
        var comparison = new Comparison("x");
        comparison.Add("a", 1e-6, 1e-6 + difference, new Tolerance(0.01, Measure.RelativeToOne));

        Assert.Equal(
            (holds ? Verdict.Holds : Verdict.Fails, "1e-2 of max(1, largest)"),
            (comparison.Result().Verdict, comparison.Result().Tolerance)
        );
    }
}
