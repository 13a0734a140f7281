using CsCheck;
using TransformerClinic.Kernels;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Kernels;

/// <summary>The kernel against libtorch's operators, which compute float64.</summary>
public unsafe class SoftmaxRowTests
{
    private static readonly Gen<float[]> Rows = Gen.Float[-30, 30].Array[1, 70];

    [Fact]
    public void Probabilities_are_libtorchs() =>
        Rows.Sample(row =>
        {
            using var scope = NewDisposeScope();
            var expected = tensor(row).to(ScalarType.Float64).softmax(-1).data<double>().ToArray();
            Assert.All(
                expected.Zip(Applied(row, SoftmaxRow.Apply)),
                pair => Assert.Equal(pair.First, pair.Second, 1e-6)
            );
        });

    [Fact]
    public void Logarithms_are_libtorchs() =>
        Rows.Sample(row =>
        {
            using var scope = NewDisposeScope();
            var expected = nn.functional.log_softmax(tensor(row).to(ScalarType.Float64), -1).data<double>().ToArray();
            Assert.All(
                expected.Zip(Applied(row, SoftmaxRow.ApplyLog)),
                pair => Assert.Equal(pair.First, pair.Second, 1e-5)
            );
        });

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public void What_is_not_a_number_spreads_over_the_row(int place)
    {
        var row = new float[21];
        row[place] = float.NaN;
        Assert.All(Applied(row, SoftmaxRow.ApplyLog), value => Assert.True(float.IsNaN(value)));
        Assert.All(Applied(row, SoftmaxRow.Apply), value => Assert.True(float.IsNaN(value)));
    }

    private delegate void Kernel(float* row, int length);

    private static float[] Applied(float[] row, Kernel kernel)
    {
        float[] copy = [.. row];
        fixed (float* first = copy)
        {
            kernel(first, copy.Length);
        }

        return copy;
    }
}
