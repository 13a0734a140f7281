using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TransformerClinic.Kernels;

/// <summary>
/// <c>e^x</c> for x up to 0, computed only in float32, within 2e-7 of it: softmax needs no more, and exactness to the
/// last bit takes several times as long.
/// </summary>
/// <remarks>
/// <c>e^x = 2^n e^r</c>, n the integer nearest to <c>x / ln 2</c>, so that r is at most <c>ln 2 / 2</c> either way, and
/// Taylor's polynomial of degree 7 for <c>e^r</c>. What would be below the smallest normal number is 0; what is not a
/// number stays so.
/// </remarks>
internal static class Exponential
{
    private const float Smallest = -87.3f;
    private const float Log2OfE = 1.44269504f;

    // ln 2 in two parts: the product of n and the first, of 9 bits, is exact.
    private const float UpperLn2 = 0.693359375f;
    private const float LowerLn2 = -2.12194440e-4f;

    /// <summary><c>e^x</c>, x up to 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> OfNegative(Vector512<float> x)
    {
        var least = Vector512.Create(Smallest);
        var inside = Vector512.Max(x, least);
        var n = Vector512.Round(inside * Log2OfE);
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-UpperLn2), inside);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-LowerLn2), r);
        var power = Vector512.Create(1f / 5040);
        power = Vector512.FusedMultiplyAdd(power, r, Vector512.Create(1f / 720));
        power = Vector512.FusedMultiplyAdd(power, r, Vector512.Create(1f / 120));
        power = Vector512.FusedMultiplyAdd(power, r, Vector512.Create(1f / 24));
        power = Vector512.FusedMultiplyAdd(power, r, Vector512.Create(1f / 6));
        power = Vector512.FusedMultiplyAdd(power, r, Vector512.Create(0.5f));
        power = Vector512.FusedMultiplyAdd(power, r, Vector512<float>.One);
        power = Vector512.FusedMultiplyAdd(power, r, Vector512<float>.One);
        var exponent = Vector512.ShiftLeft(Vector512.ConvertToInt32(n) + Vector512.Create(127), 23).AsSingle();
        return Vector512.AndNot(power * exponent, Vector512.LessThan(x, least));
    }
}
