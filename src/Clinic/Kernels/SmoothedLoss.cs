using System.Runtime.Intrinsics;

namespace TransformerClinic.Kernels;

/// <summary>
/// Label-smoothed cross entropy and its gradient, row by row of logits z <c>[vocabulary]</c>: with <c>p =
/// softmax(z)</c>, share <c>s = eps / V</c> and target t the loss is <c>(1 - eps) * -log p_t + s * sum_v -log p_v</c>,
/// its gradient <c>p - s - (1 - eps) [v = t]</c>. Words that are ruled out are not in the vocabulary: they are in no
/// sum and not counted in V, and their gradient is 0.
/// </summary>
/// <remarks>A row is computed in float32 whatever type the logits have; sums over rows are float64.</remarks>
/// <param name="vocabulary">Logits of a row.</param>
/// <param name="smoothing">eps</param>
/// <param name="ruledOut">The words that are ruled out.</param>
internal sealed unsafe class SmoothedLoss(int vocabulary, double smoothing, params long[] ruledOut)
{
    private static readonly int Width = Vector512<float>.Count;
    private readonly int _whole = vocabulary / Width * Width;
    private readonly int _words = vocabulary - ruledOut.Length;
    private readonly float[] _row = new float[(vocabulary + Width - 1) / Width * Width];

    /// <summary>Sum of the losses of all rows.</summary>
    public double Loss { get; private set; }

    /// <summary>Sum of the negative log-likelihoods of all rows.</summary>
    public double Nll { get; private set; }

    /// <summary>Adds a row, and fills the gradient of its logits unless that is null.</summary>
    public void Add<T, TNumbers>(T* logits, long target, T* gradient)
        where T : unmanaged
        where TNumbers : struct, INumbers<T>
    {
        fixed (float* row = _row)
        {
            Load<T, TNumbers>(logits, row);
            SetRuledOut(row, 0);
            var all = SumOf(row);
            SetRuledOut(row, float.NegativeInfinity);
            var greatest = Greatest(row);
            double atTarget = row[target];
            var partition = Exponentials(row, greatest);
            var logNormalizer = greatest + Math.Log(partition);
            var nll = logNormalizer - atTarget;
            Nll += nll;
            Loss += ((1 - smoothing) * nll) + (smoothing / _words * ((_words * logNormalizer) - all));
            if (gradient != null)
            {
                Finish(row, partition, target);
                SetRuledOut(row, 0);
                Store<T, TNumbers>(row, gradient);
            }
        }
    }

    /// <summary>
    /// The logits as float32; after the last comes what adds nothing to a maximum or a sum of exponentials.
    /// </summary>
    private void Load<T, TNumbers>(T* logits, float* row)
        where T : unmanaged
        where TNumbers : struct, INumbers<T>
    {
        for (var i = 0; i < _whole; i += Width)
        {
            TNumbers.Load(logits + i).Store(row + i);
        }

        if (_whole < vocabulary)
        {
            var rest = stackalloc T[Vector512<float>.Count];
            new ReadOnlySpan<T>(logits + _whole, vocabulary - _whole).CopyTo(new Span<T>(rest, Width));
            TNumbers.Load(rest).Store(row + _whole);
            new Span<float>(row, _row.Length)[vocabulary..].Fill(float.NegativeInfinity);
        }
    }

    private void SetRuledOut(float* row, float value)
    {
        foreach (var word in ruledOut)
        {
            row[word] = value;
        }
    }

    private void Store<T, TNumbers>(float* row, T* gradient)
        where T : unmanaged
        where TNumbers : struct, INumbers<T>
    {
        for (var i = 0; i < _whole; i += Width)
        {
            TNumbers.Store(Vector512.Load(row + i), gradient + i);
        }

        if (_whole < vocabulary)
        {
            var rest = stackalloc T[Vector512<float>.Count];
            TNumbers.Store(Vector512.Load(row + _whole), rest);
            new ReadOnlySpan<T>(rest, vocabulary - _whole).CopyTo(new Span<T>(gradient + _whole, vocabulary - _whole));
        }
    }

    private double SumOf(float* row)
    {
        var sum = Vector512<float>.Zero;
        for (var i = 0; i < _whole; i += Width)
        {
            sum += Vector512.Load(row + i);
        }

        double total = Vector512.Sum(sum);
        for (var i = _whole; i < vocabulary; i++)
        {
            total += row[i];
        }

        return total;
    }

    /// <summary>The greatest logit; not a number if one of them is none.</summary>
    private float Greatest(float* row)
    {
        var greatest = Vector512.Load(row);
        for (var i = Width; i < _row.Length; i += Width)
        {
            greatest = Vector512.Max(greatest, Vector512.Load(row + i));
        }

        var result = greatest[0];
        for (var i = 1; i < Width; i++)
        {
            result = MathF.Max(result, greatest[i]);
        }

        return result;
    }

    /// <summary>Replaces every logit by <c>exp(z - greatest)</c>.</summary>
    /// <returns>Their sum.</returns>
    private double Exponentials(float* row, float greatest)
    {
        var (shift, sum) = (Vector512.Create(greatest), Vector512<float>.Zero);
        for (var i = 0; i < _row.Length; i += Width)
        {
            var exponential = Vector512.Exp(Vector512.Load(row + i) - shift);
            exponential.Store(row + i);
            sum += exponential;
        }

        return Vector512.Sum(sum);
    }

    private void Finish(float* row, double partition, long target)
    {
        var (reciprocal, share) = (
            Vector512.Create((float)(1 / partition)),
            Vector512.Create((float)(smoothing / _words))
        );
        for (var i = 0; i < _row.Length; i += Width)
        {
            ((Vector512.Load(row + i) * reciprocal) - share).Store(row + i);
        }

        row[target] -= (float)(1 - smoothing);
    }
}
