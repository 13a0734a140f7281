using System.Runtime.Intrinsics;

namespace TransformerClinic.Kernels;

/// <summary>
/// A row of numbers as integers of one scale: <c>x = t p</c>, <c>p = round(x / t)</c>, <c>t = max |x| / greatest</c>.
/// </summary>
internal static unsafe class IntegerRow
{
    /// <summary>Fills the integers, with a zero behind the last where their number is odd.</summary>
    /// <returns>The scale t; not a number, or infinite, if a number of the row is.</returns>
    public static float From(float* x, int length, float greatest, short* integers)
    {
        var size = Size(x, length);
        var reciprocal = size > 0 && float.IsFinite(size) ? greatest / size : 0;
        var i = 0;
        for (; i + 32 <= length; i += 32)
        {
            Vector512.Narrow(Rounded(x + i, reciprocal), Rounded(x + i + 16, reciprocal)).Store(integers + i);
        }

        for (; i < length; i++)
        {
            integers[i] = (short)MathF.Round(x[i] * reciprocal);
        }

        if (length % 2 == 1)
        {
            integers[length] = 0;
        }

        return size / greatest;
    }

    private static float Size(float* x, int length)
    {
        var (greatest, i) = (Vector512<float>.Zero, 0);
        for (; i + 16 <= length; i += 16)
        {
            greatest = Vector512.Max(greatest, Vector512.Abs(Vector512.Load(x + i)));
        }

        var size = 0f;
        for (var lane = 0; lane < 16; lane++)
        {
            size = MathF.Max(size, greatest[lane]);
        }

        for (; i < length; i++)
        {
            size = MathF.Max(size, MathF.Abs(x[i]));
        }

        return size;
    }

    private static Vector512<int> Rounded(float* x, float reciprocal) =>
        Vector512.ConvertToInt32(Vector512.Round(Vector512.Load(x) * Vector512.Create(reciprocal)));
}
