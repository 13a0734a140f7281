using System.Runtime.Intrinsics;
using CsCheck;
using TransformerClinic.Kernels;

namespace TransformerClinic.Tests.Kernels;

public unsafe class PairProductsTests
{
    [Fact]
    public void Sums_of_pairs_are_exact_with_and_without_instructions_for_them() =>
        Gen.Select(Gen.Short.Array[32], Gen.SByte.Array[32])
            .Sample(
                (x, bytes) =>
                {
                    Vector512<short> weights;
                    fixed (sbyte* first = bytes)
                    {
                        weights = Integers8.Load(first);
                    }

                    var inputs = Vector512.Create<short>(x);
                    int[] expected =
                    [
                        .. Enumerable
                            .Range(0, 16)
                            .Select(i => (x[2 * i] * bytes[2 * i]) + (x[(2 * i) + 1] * bytes[(2 * i) + 1])),
                    ];
                    Assert.Equal(Vector512.Create<int>(expected), PairProducts.Sum(inputs, weights));
                    Assert.Equal(Vector512.Create<int>(expected), PairProducts.Plain(inputs, weights));
                }
            );
}
