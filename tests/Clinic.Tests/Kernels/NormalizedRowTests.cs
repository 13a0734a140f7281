using TransformerClinic.Kernels;

namespace TransformerClinic.Tests.Kernels;

public class NormalizedRowTests
{
    [Theory]
    [InlineData(1, false, 0)]
    [InlineData(7, true, 0)]
    [InlineData(16, true, 0)]
    [InlineData(23, false, 0)]
    [InlineData(40, true, 0)]
    [InlineData(40, false, 3)]
    [InlineData(40, true, 3)]
    public void A_row_of_any_length_is_normalized(int length, bool centers, float smallest)
    {
        var random = new Random(length);
        float[] Numbers() => [.. Enumerable.Range(0, length).Select(_ => (float)((4 * random.NextDouble()) - 1.5))];
        var (row, weight, bias) = (Numbers(), Numbers(), Numbers());
        var mean = centers ? row.Average(value => (double)value) : 0;
        var root = Math.Sqrt(row.Average(value => (value - mean) * (value - mean)) + 1e-3);
        double[] expected =
        [
            .. row.Select((value, i) => ((value - mean) / Math.Max(root, smallest) * weight[i]) + bias[i]),
        ];

        NormalizedRow.Apply(row, weight, bias, 1e-3, centers, smallest);

        Assert.Equal(expected, Array.ConvertAll(row, value => (double)value), (a, b) => Math.Abs(a - b) < 1e-5);
    }
}
