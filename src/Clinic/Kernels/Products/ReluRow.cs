using System.Runtime.Intrinsics;

namespace TransformerClinic.Kernels.Products;

/// <summary><c>y = max(0, x) m</c> with a dropout mask m, and its gradient, in one pass over memory.</summary>
/// <param name="dropout">m; null for none.</param>
internal readonly unsafe struct ReluRow(DropoutMask? dropout)
{
    private const int Width = 16;

    private readonly DropoutMask _mask = dropout ?? default;
    private readonly bool _drops = dropout is not null;

    /// <summary>From x to y, in place.</summary>
    /// <param name="x">The numbers.</param>
    /// <param name="length">How many they are, a multiple of 16.</param>
    public void Forward(float* x, long length)
    {
        for (long i = 0; i < length; i += Width)
        {
            var y = Vector512.Max(Vector512.Load(x + i), Vector512<float>.Zero);
            (_drops ? y * _mask.At((uint)i) : y).Store(x + i);
        }
    }

    /// <summary>
    /// From the gradient of y to that of x, in place. What is not a number lets the gradient through.
    /// </summary>
    public void Backward(float* y, float* gradient, long length)
    {
        for (long i = 0; i < length; i += Width)
        {
            var g = Vector512.Load(gradient + i);
            g = _drops ? g * _mask.At((uint)i) : g;
            var isOff = Vector512.LessThanOrEqual(Vector512.Load(y + i), Vector512<float>.Zero);
            Vector512.AndNot(g, isOff).Store(gradient + i);
        }
    }
}
