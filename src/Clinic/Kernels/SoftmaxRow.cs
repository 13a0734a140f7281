using System.Runtime.Intrinsics;

namespace TransformerClinic.Kernels;

/// <summary>
/// <c>softmax(z)</c> and its logarithm of one row, in place. One value that is not a number makes the whole row so.
/// </summary>
internal static unsafe class SoftmaxRow
{
    private const int Width = 16;

    /// <summary><c>z_i = exp(z_i - max z) / sum_j exp(z_j - max z)</c></summary>
    public static void Apply(float* z, int length)
    {
        var reciprocal = 1 / Exponentials(z, length, Greatest(z, length), store: true);
        var i = 0;
        for (; i + Width <= length; i += Width)
        {
            (Vector512.Load(z + i) * Vector512.Create(reciprocal)).Store(z + i);
        }

        for (; i < length; i++)
        {
            z[i] *= reciprocal;
        }
    }

    /// <summary><c>z_i = z_i - max z - log(sum_j exp(z_j - max z))</c></summary>
    public static void ApplyLog(float* z, int length)
    {
        var greatest = Greatest(z, length);
        var logarithm = MathF.Log(Exponentials(z, length, greatest, store: false));
        var i = 0;
        for (; i + Width <= length; i += Width)
        {
            (Vector512.Load(z + i) - Vector512.Create(greatest) - Vector512.Create(logarithm)).Store(z + i);
        }

        for (; i < length; i++)
        {
            z[i] = z[i] - greatest - logarithm;
        }
    }

    private static float Greatest(float* z, int length)
    {
        var (greatest, i) = (Vector512.Create(float.NegativeInfinity), 0);
        for (; i + Width <= length; i += Width)
        {
            greatest = Vector512.Max(greatest, Vector512.Load(z + i));
        }

        var result = float.NegativeInfinity;
        for (var lane = 0; lane < Width; lane++)
        {
            result = MathF.Max(result, greatest[lane]);
        }

        for (; i < length; i++)
        {
            result = MathF.Max(result, z[i]);
        }

        return result;
    }

    private static float Exponentials(float* z, int length, float greatest, bool store)
    {
        var (sum, i) = (Vector512<float>.Zero, 0);
        for (; i + Width <= length; i += Width)
        {
            var exponential = Vector512.Exp(Vector512.Load(z + i) - Vector512.Create(greatest));
            sum += exponential;
            if (store)
            {
                exponential.Store(z + i);
            }
        }

        var total = Vector512.Sum(sum);
        for (; i < length; i++)
        {
            var exponential = MathF.Exp(z[i] - greatest);
            total += exponential;
            z[i] = store ? exponential : z[i];
        }

        return total;
    }
}
