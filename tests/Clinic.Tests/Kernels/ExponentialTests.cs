using System.Runtime.Intrinsics;
using CsCheck;
using TransformerClinic.Kernels;

namespace TransformerClinic.Tests.Kernels;

public class ExponentialTests
{
    [Fact]
    public void It_is_within_2e_7_of_the_exponential() =>
        Gen.Float[-87.2f, 0]
            .Sample(x =>
            {
                var exact = Math.Exp(x);
                Assert.InRange(Math.Abs(Of(x) - exact) / exact, 0, 2e-7);
            });

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-88, 0)]
    [InlineData(float.NegativeInfinity, 0)]
    [InlineData(float.NaN, float.NaN)]
    public void Its_ends_are_exact(float x, float expected) => Assert.Equal(expected, Of(x));

    private static float Of(float x) => Exponential.OfNegative(Vector512.Create(x))[0];
}
