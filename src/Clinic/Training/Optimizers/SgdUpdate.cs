using System.Numerics;
using TorchSharp;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Training.Optimizers;

/// <summary>The constants of one update of <see cref="Sgd"/>, and the one pass that makes it.</summary>
internal readonly record struct SgdUpdate(
    double Momentum,
    double WeightDecay,
    double GradientScale,
    double LearningRate
)
{
    /// <summary>
    /// Changes values and momentum in place; all are flat tensors of one length. No momentum is a momentum of 0.
    /// </summary>
    public void Apply(Tensor values, Tensor gradients, Tensor? momentum)
    {
        if (MemoryPass.Reaches(values))
        {
            var constants = this;
            Tensor[] all = momentum is null ? [values, gradients] : [values, gradients, momentum];
            MemoryPass.Run(chunk => constants.ApplyToSpans(chunk[0], chunk[1], momentum is null ? [] : chunk[2]), all);
        }
        else
        {
            ApplyByOperators(values, gradients, momentum);
        }
    }

    /// <summary>By libtorch's operators: any device and type, several passes.</summary>
    private void ApplyByOperators(Tensor values, Tensor gradients, Tensor? momentum)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using Scalar scale = GradientScale,
            decay = WeightDecay,
            keep = Momentum,
            step = -LearningRate;
        var decayed = values.masked_fill(values.isneginf(), HeldScalars.Zero);
        var gradient = (gradients * scale).add_(decayed, alpha: decay);
        momentum?.mul_(keep).add_(gradient, HeldScalars.One);
        values.add_(momentum ?? gradient, alpha: step);
    }

    private void ApplyToSpans(Span<float> values, ReadOnlySpan<float> gradients, Span<float> momentum)
    {
        var (keep, decay, scale, rate) = (
            (float)Momentum,
            (float)WeightDecay,
            (float)GradientScale,
            (float)LearningRate
        );
        var remembers = !momentum.IsEmpty;

        // Minus infinity, of a word that the output bias rules out, does not decay: the product with 0 is not a number.
        var width = Vector<float>.Count;
        var i = 0;
        for (; i <= values.Length - width; i += width)
        {
            var p = new Vector<float>(values[i..]);
            var finite = Vector.ConditionalSelect(Vector.IsNegativeInfinity(p), Vector<float>.Zero, p);
            var g = (new Vector<float>(gradients[i..]) * scale) + (finite * decay);
            if (remembers)
            {
                g += new Vector<float>(momentum[i..]) * keep;
                g.CopyTo(momentum[i..]);
            }

            (p - (g * rate)).CopyTo(values[i..]);
        }

        for (; i < values.Length; i++)
        {
            var g = (gradients[i] * scale) + ((float.IsNegativeInfinity(values[i]) ? 0 : values[i]) * decay);
            if (remembers)
            {
                g += momentum[i] * keep;
                momentum[i] = g;
            }

            values[i] -= g * rate;
        }
    }
}
