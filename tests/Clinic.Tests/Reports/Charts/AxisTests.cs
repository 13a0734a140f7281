using CsCheck;
using TransformerClinic.Reports.Charts;

namespace TransformerClinic.Tests.Reports.Charts;

public class AxisTests
{
    [Fact]
    public void Ticks_stand_at_round_numbers()
    {
        Assert.Equal(["0", "500", "1,000", "1,500", "2,000"], Labels(Axis.OfUpdates([2000])));
        Assert.Equal(
            ["0", "0.0002", "0.0004", "0.0006", "0.0008", "0.0010"],
            Labels(Axis.Around([0, 1e-3], fromZero: true))
        );
        Assert.Equal(["0", "0.5M", "1M", "1.5M", "2M"], Labels(Axis.OfUpdates([2_000_000])));
        Assert.Equal(["0.01", "0.1", "1", "10", "100"], Labels(Axis.AroundLogarithms([0.01, 100])));
        Assert.Equal(["0", "1", "2"], Labels(Axis.OfUpdates([2])));
        Assert.Equal(["0", "2", "4", "6", "8", "10", "12"], Labels(Axis.OfUpdates([12])));
        Assert.Equal(["0.3", "0.4", "0.5", "0.7", "1"], Labels(Axis.AroundLogarithms([0.3, 1])));
    }

    [Fact]
    public void Perplexities_stand_at_the_logarithm_of_their_label()
    {
        foreach (var (at, label) in Axis.Around([1.5, 9]).PerplexityTicks())
        {
            Assert.Equal(
                double.Parse(
                    label.Replace(",", "", StringComparison.Ordinal),
                    System.Globalization.CultureInfo.InvariantCulture
                ),
                Math.Exp(at),
                6
            );
        }
    }

    [Fact]
    public void Any_values_give_an_axis_that_holds_them_with_few_short_ticks() =>
        Gen.Double[-1e12, 1e12]
            .Array[1, 5]
            .Sample(values =>
            {
                var axis = Axis.Around(values);
                return axis.Min <= values.Min()
                    && axis.Max >= values.Max()
                    && axis.Max > axis.Min
                    && axis.Ticks.Count is >= 2 and <= 9
                    && axis.Ticks.All(tick => tick.At >= axis.Min && tick.At <= axis.Max && tick.Label.Length <= 10);
            });

    [Fact]
    public void Values_that_are_not_finite_do_not_stretch_the_axis() =>
        Assert.Equal(Axis.Around([1, 2]).Max, Axis.Around([1, double.NaN, 2, double.PositiveInfinity]).Max);

    [Fact]
    public void Thinning_keeps_every_spike_and_the_order()
    {
        var curve = Enumerable.Range(0, 10_000).Select(i => ((double)i, i is 1234 or 9876 ? 100.0 : i % 7)).ToList();

        var thin = Thinning.KeepExtremes(curve);

        Assert.InRange(thin.Count, 200, 400);
        Assert.Equal([1234, 9876], thin.Where(point => point.Y > 50).Select(point => point.X));
        Assert.Equal(thin.OrderBy(point => point.X), thin);
    }

    private static IEnumerable<string> Labels(Axis axis) => axis.Ticks.Select(tick => tick.Label);
}
