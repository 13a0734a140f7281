using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TransformerClinic.Kernels;

/// <summary>Arithmetic on numbers side by side in memory.</summary>
internal static unsafe class ElementwiseRow
{
    private const int Width = 16;

    /// <summary><c>x_i += y_i</c></summary>
    public static void Add(float* x, float* y, int length)
    {
        var i = 0;
        for (; i + Width <= length; i += Width)
        {
            (Vector512.Load(x + i) + Vector512.Load(y + i)).Store(x + i);
        }

        for (; i < length; i++)
        {
            x[i] += y[i];
        }
    }

    /// <summary><c>x_i += y_i * factor</c></summary>
    public static void AddScaled(float* x, float* y, float factor, int length)
    {
        var i = 0;
        for (; i + Width <= length; i += Width)
        {
            Vector512
                .FusedMultiplyAdd(Vector512.Load(y + i), Vector512.Create(factor), Vector512.Load(x + i))
                .Store(x + i);
        }

        for (; i < length; i++)
        {
            x[i] += y[i] * factor;
        }
    }

    /// <summary><c>sum_i x_i y_i</c></summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Dot(float* x, float* y, int length)
    {
        var (sum, i) = (Vector512<float>.Zero, 0);
        for (; i + 16 <= length; i += 16)
        {
            sum = Vector512.FusedMultiplyAdd(Vector512.Load(x + i), Vector512.Load(y + i), sum);
        }

        var total = Vector512.Sum(sum);
        for (; i < length; i++)
        {
            total += x[i] * y[i];
        }

        return total;
    }

    /// <summary><c>x_i *= y_i</c></summary>
    public static void Multiply(float* x, float* y, int length)
    {
        var i = 0;
        for (; i + Width <= length; i += Width)
        {
            (Vector512.Load(x + i) * Vector512.Load(y + i)).Store(x + i);
        }

        for (; i < length; i++)
        {
            x[i] *= y[i];
        }
    }

    /// <summary><c>to_i = x_i</c></summary>
    public static void Copy(float* x, int length, float* to) =>
        new ReadOnlySpan<float>(x, length).CopyTo(new Span<float>(to, length));

    /// <summary><c>to_i = x_i * factor</c>; <paramref name="to"/> may be x.</summary>
    public static void Scale(float* x, float factor, int length, float* to)
    {
        var i = 0;
        for (; i + Width <= length; i += Width)
        {
            (Vector512.Load(x + i) * Vector512.Create(factor)).Store(to + i);
        }

        for (; i < length; i++)
        {
            to[i] = x[i] * factor;
        }
    }

    /// <summary><c>x_i = x_i / divisor</c></summary>
    public static void Divide(float* x, float divisor, int length)
    {
        var i = 0;
        for (; i + Width <= length; i += Width)
        {
            (Vector512.Load(x + i) / Vector512.Create(divisor)).Store(x + i);
        }

        for (; i < length; i++)
        {
            x[i] /= divisor;
        }
    }

    /// <summary><c>x_i = x_i / (1 + exp(-x_i))</c></summary>
    public static void Swish(float* x, int length)
    {
        var i = 0;
        for (; i + Width <= length; i += Width)
        {
            var value = Vector512.Load(x + i);
            (value / (Vector512<float>.One + Vector512.Exp(-value))).Store(x + i);
        }

        for (; i < length; i++)
        {
            x[i] /= 1 + MathF.Exp(-x[i]);
        }
    }

    /// <summary><c>x_i = max(0, x_i)</c>; what is not a number stays so.</summary>
    public static void Relu(float* x, int length)
    {
        var i = 0;
        for (; i + Width <= length; i += Width)
        {
            Vector512.Max(Vector512.Load(x + i), Vector512<float>.Zero).Store(x + i);
        }

        for (; i < length; i++)
        {
            x[i] = MathF.Max(x[i], 0);
        }
    }
}
