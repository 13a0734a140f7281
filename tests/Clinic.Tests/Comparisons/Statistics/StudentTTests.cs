using TransformerClinic.Comparisons.Statistics;

namespace TransformerClinic.Tests.Comparisons.Statistics;

public class StudentTTests
{
    [Theory]
    [InlineData(1, 12.706204736)]
    [InlineData(2, 4.302652730)]
    [InlineData(3, 3.182446305)]
    [InlineData(10, 2.228138852)]
    [InlineData(30, 2.042272456)]
    [InlineData(1000, 1.962339081)]
    public void The_critical_values_are_those_of_the_tables(int degrees, double table) =>
        Assert.Equal(table, StudentT.Critical(0.95, degrees), 1e-8);

    [Theory]
    [InlineData(0.1)]
    [InlineData(1)]
    [InlineData(3.7)]
    [InlineData(40)]
    public void With_one_and_two_degrees_it_is_the_closed_form(double t)
    {
        Assert.Equal(1 - (2 / Math.PI * Math.Atan(t)), StudentT.TwoSided(t, 1), 1e-13);
        Assert.Equal(1 - (t / Math.Sqrt(2 + (t * t))), StudentT.TwoSided(t, 2), 1e-13);
        Assert.Equal(StudentT.TwoSided(t, 2), StudentT.TwoSided(-t, 2));
    }

    [Theory]
    [InlineData(0.5, 2.31)]
    [InlineData(2.5, 3.9)]
    [InlineData(1.2, 17.3)]
    public void With_any_degrees_it_is_the_integral_of_the_density(double t, double degrees) =>
        Assert.Equal(NumericTails.TwoSided(t, degrees), StudentT.TwoSided(t, degrees), 1e-7);

    [Fact]
    public void Its_ends_are_certain()
    {
        Assert.Equal(1, StudentT.TwoSided(0, 3));
        Assert.Equal(0, StudentT.TwoSided(double.PositiveInfinity, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.TwoSided(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.Critical(1, 3));
    }
}
