using System.Numerics;
using TorchSharp;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Training.Optimizers;

/// <summary>The constants of one update of a <see cref="MomentOptimizer"/>, and the one pass that makes it.</summary>
internal readonly record struct MomentUpdate(
    double Beta1,
    double Beta2,
    double Epsilon,
    double GradientScale,
    double Decay,
    double StepSize
)
{
    /// <summary>Changes values and moments in place; all are flat tensors of one length.</summary>
    public void Apply(Tensor values, Tensor gradients, Tensor first, Tensor second)
    {
        if (MemoryPass.Reaches(values))
        {
            var constants = this;
            MemoryPass.Run(
                chunk => constants.ApplyToSpans(chunk[0], chunk[1], chunk[2], chunk[3]),
                [values, gradients, first, second]
            );
        }
        else
        {
            ApplyByOperators(values, gradients, first, second);
        }
    }

    /// <summary>By libtorch's operators: any device and type, several passes.</summary>
    private void ApplyByOperators(Tensor values, Tensor gradients, Tensor first, Tensor second)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using Scalar scale = GradientScale,
            beta1 = Beta1,
            beta2 = Beta2,
            rest1 = 1 - Beta1,
            rest2 = 1 - Beta2;
        using Scalar decay = Decay,
            epsilon = Epsilon,
            step = -StepSize;
        var gradient = gradients * scale;
        first.mul_(beta1).add_(gradient, alpha: rest1);
        second.mul_(beta2).addcmul_(gradient, gradient, rest2);
        values.mul_(decay).addcdiv_(first, second.sqrt().add_(epsilon, HeldScalars.One), step);
    }

    private void ApplyToSpans(Span<float> values, ReadOnlySpan<float> gradients, Span<float> first, Span<float> second)
    {
        var (beta1, beta2, epsilon) = ((float)Beta1, (float)Beta2, (float)Epsilon);
        var (rest1, rest2) = ((float)(1 - Beta1), (float)(1 - Beta2));
        var (scale, decay, step) = ((float)GradientScale, (float)Decay, (float)StepSize);
        var width = Vector<float>.Count;
        var i = 0;
        for (; i <= values.Length - width; i += width)
        {
            var g = new Vector<float>(gradients[i..]) * scale;
            var m = (new Vector<float>(first[i..]) * beta1) + (g * rest1);
            var v = (new Vector<float>(second[i..]) * beta2) + (g * g * rest2);
            var p =
                (new Vector<float>(values[i..]) * decay) - (m / (Vector.SquareRoot(v) + Vector.Create(epsilon)) * step);
            m.CopyTo(first[i..]);
            v.CopyTo(second[i..]);
            p.CopyTo(values[i..]);
        }

        for (; i < values.Length; i++)
        {
            var g = gradients[i] * scale;
            first[i] = (first[i] * beta1) + (g * rest1);
            second[i] = (second[i] * beta2) + (g * g * rest2);
            values[i] = (values[i] * decay) - (first[i] / (MathF.Sqrt(second[i]) + epsilon) * step);
        }
    }
}
