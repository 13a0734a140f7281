using System.Runtime.Intrinsics;

namespace TransformerClinic.Kernels;

/// <summary>
/// The end of a Post-LN sublayer in one pass over memory, forward and backward, with the shortcut x, the branch's
/// output f before dropout, a mask m and a scale s of each channel: <c>y = LN(x s + f m)</c>. Rows are <c>[dim]</c>,
/// dim a multiple of 16. Forward it can leave out the mean, which makes it an RMS normalization, and divide by no less
/// than a smallest deviation.
/// </summary>
/// <remarks>
/// The mask is computed again in the backward pass, and so is the sum: what is kept between the two are a mean and a
/// deviation a row. With g the gradient of y, <c>h = g weight</c> and <c>n = (x s + f m - mean) r</c>, r the reciprocal
/// deviation, the sum's gradient is <c>q = r (h - mean(h) - n mean(h n))</c>; from it x gets <c>q s</c>, f gets <c>q
/// m</c>, s the sum over rows of <c>q x</c>; weight gets that of <c>g n</c>, bias that of <c>g</c>.
/// </remarks>
internal sealed unsafe class NormalizedSum(
    int rows,
    int dim,
    float* scale,
    float* weight,
    float* bias,
    DropoutMask? mask,
    double epsilon = NormalizedSum.Epsilon,
    bool centers = true,
    float smallestDeviation = 0
)
{
    /// <summary>What is added to the variance unless another number is given, which the forward pass takes.</summary>
    public const double Epsilon = 1e-5;

    private readonly DropoutMask _mask = mask ?? default;
    private readonly bool _drops = mask is not null;

    /// <summary>Fills y, and the mean and reciprocal deviation of every row's sum.</summary>
    public void Forward<T, TNumbers>(float* x, T* f, float* y, float* mean, float* deviation)
        where T : unmanaged
        where TNumbers : struct, INumbers<T>
    {
        for (var row = 0; row < rows; row++)
        {
            var start = (long)row * dim;
            var rowX = x + start;
            var rowF = f + start;
            var rowY = y + start;
            var total = Vector512<float>.Zero;
            for (var i = 0; i < dim; i += Vector512<float>.Count)
            {
                var sum = Sum<T, TNumbers>(rowX, rowF, i, start);
                sum.Store(rowY + i);
                total += sum;
            }

            var center = centers ? Vector512.Sum(total) / dim : 0;
            var squares = Vector512<float>.Zero;
            for (var i = 0; i < dim; i += Vector512<float>.Count)
            {
                var distance = Vector512.Load(rowY + i) - Vector512.Create(center);
                squares += distance * distance;
            }

            var deviationOfRow = MathF.Sqrt((Vector512.Sum(squares) / dim) + (float)epsilon);
            var reciprocal = 1 / MathF.Max(deviationOfRow, smallestDeviation);
            for (var i = 0; i < dim; i += Vector512<float>.Count)
            {
                var normal = (Vector512.Load(rowY + i) - Vector512.Create(center)) * Vector512.Create(reciprocal);
                Vector512
                    .FusedMultiplyAdd(normal, Vector512.Load(weight + i), Vector512.Load(bias + i))
                    .Store(rowY + i);
            }

            (mean[row], deviation[row]) = (center, reciprocal);
        }
    }

    /// <summary>
    /// Fills the gradients of x and f from that of y, and adds to those of scale (where there is one), weight and bias,
    /// which the caller has set to zero.
    /// </summary>
    public void Backward<T, TNumbers>(
        float* x,
        T* f,
        float* mean,
        float* deviation,
        float* gradient,
        float* toX,
        T* toF,
        float* toScale,
        float* toWeight,
        float* toBias
    )
        where T : unmanaged
        where TNumbers : struct, INumbers<T>
    {
        for (var row = 0; row < rows; row++)
        {
            var start = (long)row * dim;
            var rowX = x + start;
            var rowF = f + start;
            var rowG = gradient + start;
            var rowToX = toX + start;
            var rowToF = toF + start;
            var (center, reciprocal) = (Vector512.Create(mean[row]), Vector512.Create(deviation[row]));
            var (sumH, sumHN) = (Vector512<float>.Zero, Vector512<float>.Zero);
            for (var i = 0; i < dim; i += Vector512<float>.Count)
            {
                var g = Vector512.Load(rowG + i);
                var normal = (Sum<T, TNumbers>(rowX, rowF, i, start) - center) * reciprocal;
                var h = g * Vector512.Load(weight + i);
                normal.Store(rowToX + i); // wanted again below, and this row's place is free until then
                sumH += h;
                sumHN = Vector512.FusedMultiplyAdd(h, normal, sumHN);
                Vector512.FusedMultiplyAdd(g, normal, Vector512.Load(toWeight + i)).Store(toWeight + i);
                (Vector512.Load(toBias + i) + g).Store(toBias + i);
            }

            var (meanH, meanHN) = (
                Vector512.Create(Vector512.Sum(sumH) / dim),
                Vector512.Create(Vector512.Sum(sumHN) / dim)
            );
            for (var i = 0; i < dim; i += Vector512<float>.Count)
            {
                var h = Vector512.Load(rowG + i) * Vector512.Load(weight + i);
                var q = (h - meanH - (Vector512.Load(rowToX + i) * meanHN)) * reciprocal;
                TNumbers.Store(_drops ? q * _mask.At((uint)(start + i)) : q, rowToF + i);
                if (scale == null)
                {
                    q.Store(rowToX + i);
                    continue;
                }

                Vector512.FusedMultiplyAdd(q, Vector512.Load(rowX + i), Vector512.Load(toScale + i)).Store(toScale + i);
                (q * Vector512.Load(scale + i)).Store(rowToX + i);
            }
        }
    }

    private Vector512<float> Sum<T, TNumbers>(float* x, T* f, int i, long start)
        where T : unmanaged
        where TNumbers : struct, INumbers<T>
    {
        var branch = TNumbers.Load(f + i);
        branch = _drops ? branch * _mask.At((uint)(start + i)) : branch;
        var shortcut = Vector512.Load(x + i);
        return scale == null
            ? shortcut + branch
            : Vector512.FusedMultiplyAdd(shortcut, Vector512.Load(scale + i), branch);
    }
}
