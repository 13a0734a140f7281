using System.Runtime.Intrinsics;
using CsCheck;
using TransformerClinic.Kernels;

namespace TransformerClinic.Tests.Kernels;

public class ByteProductsTests
{
    [Fact]
    public void Every_way_adds_the_equations_sums() =>
        Gen.Select(Gen.Byte.Array[32], Gen.SByte.Array[32], Gen.Int[-1_000_000, 1_000_000].Array[8])
            .Sample(
                (x, y, sums) =>
                {
                    int[] expected =
                    [
                        .. sums.Select((sum, i) => sum + Enumerable.Range(4 * i, 4).Sum(k => x[k] * y[k])),
                    ];
                    var (first, second, before) = (Vector256.Create(x), Vector256.Create(y), Vector256.Create(sums));
                    Assert.Equal(Vector256.Create(expected), ByteProducts.Add(before, first, second));
                    Assert.Equal(Vector256.Create(expected), ByteProducts.Plain(before, first, second));
                }
            );
}
