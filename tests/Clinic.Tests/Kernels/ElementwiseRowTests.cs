using TransformerClinic.Kernels;

namespace TransformerClinic.Tests.Kernels;

public unsafe class ElementwiseRowTests
{
    /// <summary>Lengths of whole vectors, of none, and with a rest.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(37)]
    public void Sums_products_and_copies_are_those_of_plain_numbers(int length)
    {
        float[] x = [.. Enumerable.Range(0, length).Select(i => (i % 7) - 2.5f)];
        float[] y = [.. Enumerable.Range(0, length).Select(i => (i % 5) + 0.25f)];
        var (sum, copy) = ((float[])[.. x], new float[length + 1]);
        fixed (
            float* a = x,
                b = y,
                s = sum,
                c = copy
        )
        {
            ElementwiseRow.AddScaled(s, b, -1.5f, length);
            ElementwiseRow.Copy(a, length, c);
            Assert.Equal(x.Zip(y, (u, v) => (double)u * v).Sum(), ElementwiseRow.Dot(a, b, length), 1e-3);
        }

        Assert.Equal(x.Zip(y, (u, v) => u - (1.5f * v)), sum);
        Assert.Equal([.. x, 0], copy);
    }
}
