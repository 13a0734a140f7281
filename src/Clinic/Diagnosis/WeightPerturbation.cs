using TorchSharp;
using TransformerClinic.Data;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>
/// A step of every matrix of a model, <c>W* = W - step * sign</c>: embeddings, the branches' matrices and ReZero's alpha move; biases,
/// normalisations and omegas stay, as in the reference's <c>--plot_stability</c>. Owns its tensors.
/// </summary>
public sealed class WeightPerturbation : IDisposable
{
    /// <summary>The reference's step by random signs.</summary>
    public const double RandomStep = 1e-4;

    /// <summary>The reference's step by the gradient's signs. In float32 it is near the weights' rounding: measure in float64.</summary>
    public const double GradientStep = 1e-6;

    private readonly double _step;
    private readonly Dictionary<string, Tensor> _signs;

    /// <summary>A step of given signs.</summary>
    /// <param name="model">The model that it is for.</param>
    /// <param name="step">Its size; any number but 0.</param>
    /// <param name="sign">What every element of a parameter moves by, in steps: -1, 0 or 1 for signs; by the parameter's name, of its shape and any type. It is copied.</param>
    public WeightPerturbation(Transformer model, double step, Func<string, Tensor, Tensor> sign)
    {
        ArgumentOutOfRangeException.ThrowIfZero(step);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        _step = step;
        _signs = Perturbed(model).ToDictionary(
            entry => entry.Name,
            entry => sign(entry.Name, entry.Parameter).to(entry.Parameter.dtype, entry.Parameter.device, copy: true).DetachFromDisposeScope(),
            StringComparer.Ordinal);
    }

    /// <summary>A step by the sign of normal numbers that a seed draws for each parameter.</summary>
    public static WeightPerturbation RandomSigns(Transformer model, long seed, double step = RandomStep) => new(model, step, (name, parameter) =>
    {
        using var random = new Generator(CounterRandom.At(seed, name, 0), CPU);
        return randn(parameter.shape, generator: random).sign();
    });

    /// <summary>A step down a loss by the signs of its gradient, as Adam's first is.</summary>
    /// <param name="model">The model. Its gradients are zero afterwards.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="backward">Propagates the loss's derivative back from the logits, as in <see cref="GradientBalance.Measure"/>.</param>
    /// <param name="step">The step's size.</param>
    /// <exception cref="InvalidOperationException">A pass with dropout is under way.</exception>
    public static WeightPerturbation GradientSigns(Transformer model, ModelInput input, Action<Tensor> backward, double step = GradientStep)
    {
        using var scope = NewDisposeScope();
        using var gradient = new LossGradient(model, input, backward);
        var gradients = gradient.Parameters.ToDictionary(entry => entry.Name, entry => entry.Gradient, StringComparer.Ordinal);
        return new WeightPerturbation(model, step, (name, _) => gradients[name].sign());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var sign in _signs.Values)
        {
            sign.Dispose();
        }
    }

    /// <summary>Does something with the perturbed weights and puts the model's own back, bit by bit.</summary>
    internal void During(Transformer model, Action action)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using Scalar step = -_step;
        var before = Perturbed(model).Select(entry => (entry.Name, entry.Parameter, Values: entry.Parameter.clone())).ToList();
        try
        {
            foreach (var (name, parameter, _) in before)
            {
                parameter.add_(_signs[name], step);
            }

            action();
        }
        finally
        {
            foreach (var (_, parameter, values) in before)
            {
                parameter.copy_(values);
            }
        }
    }

    private static IEnumerable<(string Name, Tensor Parameter)> Perturbed(Transformer model) =>
        model.named_parameters().Where(entry => ParameterGroups.IsPerturbed(entry.name)).Select(entry => (entry.name, (Tensor)entry.parameter));
}
