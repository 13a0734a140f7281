using CsCheck;
using TransformerClinic.Diagnosis;

namespace TransformerClinic.Tests.Diagnosis;

public class LogHistogramTests
{
    [Fact]
    public void Every_value_is_in_its_bin() =>
        Gen.Double[0, 1]
            .Array[0, 30]
            .Sample(shares =>
            {
                var bins = LogHistogram.Of(shares);
                Assert.Equal(shares.Length, bins.Sum(bin => bin.Count));
                Assert.All(
                    bins.Skip(1).SkipLast(1),
                    bin =>
                        Assert.InRange(
                            bin.Count,
                            shares.Count(share => share > bin.From * 1.000001 && share < bin.To * 0.999999),
                            shares.Count(share => share >= bin.From * 0.999999 && share <= bin.To * 1.000001)
                        )
                );
            });

    [Fact]
    public void Bins_are_quarters_of_decades()
    {
        var bins = LogHistogram.Of([0, 1e-9, 0.5, 1], decades: 2);

        Assert.Equal([2, 0, 0, 0, 0, 0, 1, 1], bins.Select(bin => bin.Count));
        Assert.Equal((0.01, 1), (Math.Round(bins[0].From, 12), Math.Round(bins[^1].To, 12)));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_value_outside_0_to_1_is_refused(double value) =>
        Assert.Throws<ArgumentException>(() => LogHistogram.Of([value]));
}
