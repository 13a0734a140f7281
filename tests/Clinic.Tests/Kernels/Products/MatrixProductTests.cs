using CsCheck;
using TransformerClinic.Kernels.Products;

namespace TransformerClinic.Tests.Kernels.Products;

/// <summary>Products of any shape against sums in float64.</summary>
public class MatrixProductTests
{
    private static readonly Gen<Case> Cases =
        from rows in Gen.Int[1, 40]
        from depth in Gen.OneOf(Gen.Int[1, 40], Gen.Int[120, 300])
        from columns in Gen.OneOf(Gen.Int[1, 20], Gen.Int[60, 200])
        from turnA in Gen.Bool
        from turnB in Gen.Bool
        from begins in Gen.Enum<Beginning>()
        from seed in Gen.Int[0, 1000]
        select new Case(rows, depth, columns, turnA, turnB, begins, seed);

    private enum Beginning
    {
        Zero,
        Bias,
        Sum,
    }

    [Fact]
    public void Every_sum_is_that_of_the_products() => Cases.Sample(Check);

    [Theory]
    [InlineData(64)]
    [InlineData(63)]
    [InlineData(340)] // five panels, of which four are gathered for together, and an edge
    public void Transposes_of_long_rows_are_gathered(int columns) =>
        Assert.All(
            Enum.GetValues<Beginning>(),
            begins => Check(new Case(Rows: 1100, Depth: 130, columns, TurnA: true, TurnB: false, begins, Seed: 1))
        );

    [Fact]
    public void Libtorch_computes_large_products_on_processors_for_which_it_has_wide_vectors()
    {
        var isWide = System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated;

        Assert.Equal(isWide, MatrixProduct.IsFaster(200, 128, 512));
        Assert.Equal(isWide && !ProcessorVendor.IsIntel, MatrixProduct.IsFaster(2048, 512, 1024));
        if (File.Exists("/proc/cpuinfo"))
        {
            Assert.Equal(File.ReadAllText("/proc/cpuinfo").Contains("GenuineIntel"), ProcessorVendor.IsIntel);
        }
    }

    private static unsafe void Check(Case one)
    {
        var random = new Random(one.Seed);
        var (rows, depth, columns) = (one.Rows, one.Depth, one.Columns);
        float[] a = Numbers(rows * depth),
            b = Numbers(depth * columns),
            bias = Numbers(columns);
        // A frame around C shows what is written where nothing belongs.
        var stride = columns + 3;
        var c = Numbers((rows * stride) + 5);
        var before = c.ToArray();
        fixed (
            float* pa = a,
                pb = b,
                pc = c,
                pBias = bias
        )
        {
            MatrixProduct.Compute(
                rows,
                depth,
                columns,
                one.TurnA ? MatrixOperand.Transposed(pa, rows) : MatrixOperand.Of(pa, depth),
                one.TurnB ? MatrixOperand.Transposed(pb, depth) : MatrixOperand.Of(pb, columns),
                pc,
                stride,
                one.Begins == Beginning.Sum,
                one.Begins == Beginning.Bias ? pBias : null
            );
        }

        for (var at = 0; at < c.Length; at++)
        {
            var (i, j) = (at / stride, at % stride);
            if (i >= rows || j >= columns)
            {
                Assert.Equal(before[at], c[at]);
                continue;
            }

            var sum = one.Begins switch
            {
                Beginning.Bias => bias[j],
                Beginning.Sum => before[at],
                _ => 0.0,
            };
            for (var r = 0; r < depth; r++)
            {
                sum +=
                    (double)(one.TurnA ? a[(r * rows) + i] : a[(i * depth) + r])
                    * (one.TurnB ? b[(j * depth) + r] : b[(r * columns) + j]);
            }

            Assert.Equal(sum, c[at], 1e-4);
        }

        float[] Numbers(int count) =>
            [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 2) - 1))];
    }

    private sealed record Case(int Rows, int Depth, int Columns, bool TurnA, bool TurnB, Beginning Begins, int Seed);
}
