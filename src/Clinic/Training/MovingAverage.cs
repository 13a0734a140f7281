using System.Numerics;
using TorchSharp;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Training;

/// <summary>
/// The exponential moving average of weights p: with each update <c>e = e + (1 - d) (p - e)</c>, <c>d = min(decay, n /
/// (n + 9))</c>, n updates made before. The first update is thus taken as it is, and the memory grows to <c>1 / (1 -
/// decay)</c> updates; the ramp is that of TensorFlow's <c>ExponentialMovingAverage</c>.
/// </summary>
internal sealed class MovingAverage : IDisposable
{
    private readonly Tensor _weights;
    private readonly double _decay;

    /// <summary>An average that begins at the present weights.</summary>
    /// <param name="weights">What is averaged, flat; not owned.</param>
    /// <param name="decay">The largest d.</param>
    public MovingAverage(Tensor weights, double decay)
    {
        using var noGradient = no_grad();
        (_weights, _decay) = (weights, decay);
        Values = weights.clone().DetachFromDisposeScope();
    }

    /// <summary>The average, as long as the weights.</summary>
    public Tensor Values { get; }

    /// <summary>Begins again at the present weights.</summary>
    public void Restart()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Values.copy_(_weights);
    }

    /// <summary>Takes in the weights after an update; <paramref name="before"/> were made before it.</summary>
    public void Follow(long before)
    {
        var rest = 1 - Math.Min(_decay, before / (before + 9.0));
        if (before == 0)
        {
            Restart();
        }
        else if (MemoryPass.Reaches(Values) && MemoryPass.Reaches(_weights))
        {
            MemoryPass.Run(chunk => Move(chunk[0], chunk[1], (float)rest), [Values, _weights]);
        }
        else
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            using Scalar weight = rest;
            Values.add_(_weights.sub(Values).masked_fill_(_weights.isneginf(), HeldScalars.Zero), alpha: weight);
        }
    }

    /// <summary>Does some work with the average in the place of the weights, and puts the weights back.</summary>
    public T InPlaceOfWeights<T>(Func<T> work)
    {
        Exchange();
        try
        {
            return work();
        }
        finally
        {
            Exchange();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Values.Dispose();

    // As e + rest (p - e): of two rounded factors d and 1 - d the sum is not 1, which a long memory would add up. Minus
    // infinity, of a word that the output bias rules out, is its own average.
    private static void Move(Span<float> average, ReadOnlySpan<float> weights, float rest)
    {
        var width = Vector<float>.Count;
        var i = 0;
        for (; i <= average.Length - width; i += width)
        {
            var e = new Vector<float>(average[i..]);
            var p = new Vector<float>(weights[i..]);
            Vector.ConditionalSelect(Vector.IsNegativeInfinity(p), p, e + ((p - e) * rest)).CopyTo(average[i..]);
        }

        for (; i < average.Length; i++)
        {
            average[i] = float.IsNegativeInfinity(weights[i])
                ? weights[i]
                : average[i] + ((weights[i] - average[i]) * rest);
        }
    }

    private void Exchange()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var weights = _weights.clone();
        _weights.copy_(Values);
        Values.copy_(weights);
    }
}
