using CsCheck;
using TransformerClinic.Training.Divergence;

namespace TransformerClinic.Tests.Training.Divergence;

public class RobustLimitTests
{
    private static readonly Gen<double[]> Values = Gen.Double[0.1, 10].Array[1, 60];

    [Fact]
    public void Median_spread_and_limit_are_those_of_the_equation()
    {
        // Median 3; distances from it 2, 1, 0, 1, 97, of which the median is 1.
        Assert.Equal(new RobustLimit(3, 1.4826, 3 + (20 * 1.4826)), RobustLimit.Of([1, 2, 3, 4, 100], 20));
        Assert.Equal(2.5, RobustLimit.Of([4, 1, 3, 2], 0).Median);
    }

    [Fact]
    public void Values_that_do_not_vary_leave_a_hundredth_of_them() =>
        Assert.Equal(new RobustLimit(5, 0.05, 5.5), RobustLimit.Of([5, 5, 5], 10));

    [Fact]
    public void The_spread_of_normal_values_is_their_standard_deviation()
    {
        var random = new Random(1);
        double[] values =
        [
            .. Enumerable
                .Range(0, 20_000)
                .Select(_ =>
                    7
                    + (
                        0.5
                        * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))
                        * Math.Cos(2 * Math.PI * random.NextDouble())
                    )
                ),
        ];

        Assert.Equal(0.5, RobustLimit.Of(values, 1).Spread, 0.02);
    }

    [Fact]
    public void The_order_of_values_does_not_matter_and_scaling_scales() =>
        Gen.Select(Values, Gen.Double[0.5, 100])
            .Sample(
                (values, scale) =>
                {
                    var limit = RobustLimit.Of(values, 3);
                    var turned = RobustLimit.Of([.. values.Reverse().Select(value => value * scale)], 3);

                    Assert.Equal(limit.Limit * scale, turned.Limit, 1e-9 * scale * limit.Limit);
                    Assert.True(limit.Limit > limit.Median);
                }
            );

    [Fact]
    public void Fewer_than_half_the_values_cannot_move_the_limit_far() =>
        Values
            .Where(values => values.Length >= 3)
            .Sample(values =>
            {
                var wild = values.ToArray();
                Array.Fill(wild, 1e30, 0, (values.Length - 1) / 2);

                Assert.InRange(RobustLimit.Of(wild, 3).Limit, 0, 100);
            });

    [Fact]
    public void No_values_are_refused() => Assert.Throws<ArgumentException>(() => RobustLimit.Of([], 1));
}
