using TorchSharp;
using TransformerClinic.Common;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>
/// A step of every matrix of a model, <c>W* = W - step * sign</c>. Of our Transformer embeddings, the branches'
/// matrices and ReZero's alpha move; biases, normalizations, omegas and what mixes streams stay, as in the reference's
/// <c>--plot_stability</c>. In a third-party model the names decide. Owns its tensors.
/// </summary>
public sealed class WeightPerturbation : IDisposable
{
    /// <summary>The reference's step by random signs.</summary>
    public const double RandomStep = 1e-4;

    /// <summary>
    /// The reference's step by the gradient's signs. In float32 it is near the weights' rounding: measure in float64.
    /// </summary>
    public const double GradientStep = 1e-6;

    private readonly double _step;
    private readonly Dictionary<string, Tensor> _signs;

    /// <summary>A step of given signs.</summary>
    /// <param name="model">The model to perturb.</param>
    /// <param name="step">Its size; any number but 0.</param>
    /// <param name="sign">
    /// How far each element of a parameter moves, in steps: -1, 0 or 1 for signs; by the parameter's name, of its
    /// shape and any type. It is copied.
    /// </param>
    /// <param name="moves">Which parameters move, by their names; those of our Transformer, above, if null.</param>
    /// <exception cref="ArgumentException">None moves.</exception>
    public WeightPerturbation(
        nn.Module model,
        double step,
        Func<string, Tensor, Tensor> sign,
        Func<string, bool>? moves = null
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfZero(step);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        _step = step;
        _signs = model
            .named_parameters()
            .Where(entry => (moves ?? ParameterGroups.IsPerturbed)(entry.name))
            .ToDictionary(
                entry => entry.name,
                entry =>
                    sign(entry.name, entry.parameter)
                        .to(entry.parameter.dtype, entry.parameter.device, copy: true)
                        .DetachFromDisposeScope(),
                StringComparer.Ordinal
            );
        if (_signs.Count == 0)
        {
            throw new ArgumentException(
                "No parameter of the model moves: say which do (moves), by their names.",
                nameof(model)
            );
        }
    }

    /// <summary>A step by the sign of normal numbers that a seed draws for each parameter.</summary>
    /// <param name="model">The model.</param>
    /// <param name="seed">Decides the signs.</param>
    /// <param name="step">The step's size.</param>
    /// <param name="moves">Which parameters move, by their names; those of our Transformer if null.</param>
    public static WeightPerturbation RandomSigns(
        nn.Module model,
        long seed,
        double step = RandomStep,
        Func<string, bool>? moves = null
    ) =>
        new(
            model,
            step,
            (name, parameter) =>
            {
                using var random = new Generator(CounterRandom.At(seed, name, 0), CPU);
                return randn(parameter.shape, generator: random).sign().to(parameter.device);
            },
            moves
        );

    /// <summary>A step down a loss by the signs of its gradient, as Adam's first is.</summary>
    /// <param name="model">The model. Its gradients are zero afterwards.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="backward">
    /// Propagates the loss's derivative back from the logits, as in <see cref="GradientBalance"/>.
    /// </param>
    /// <param name="step">The step's size.</param>
    /// <exception cref="InvalidOperationException">A pass with dropout is in progress.</exception>
    internal static WeightPerturbation GradientSigns(
        Transformer model,
        ModelInput input,
        Action<Tensor> backward,
        double step = GradientStep
    )
    {
        using var scope = NewDisposeScope();
        return GradientSigns(DiagnosedPass.Of(model, input), backward, step);
    }

    /// <summary>The same step of any model.</summary>
    /// <param name="pass">A pass of the model, whose gradients are zero afterwards.</param>
    /// <param name="backward">Propagates the loss's derivative back from what the pass returns.</param>
    /// <param name="step">The step's size.</param>
    /// <param name="moves">Which parameters move, by their names; those of our Transformer if null.</param>
    /// <exception cref="InvalidOperationException">The pass ran through no residual connection.</exception>
    public static WeightPerturbation GradientSigns(
        DiagnosedPass pass,
        Action<Tensor> backward,
        double step = GradientStep,
        Func<string, bool>? moves = null
    )
    {
        ArgumentNullException.ThrowIfNull(pass);
        using var scope = NewDisposeScope();
        using var gradient = new LossGradient(pass, backward, _ => { });
        var gradients = gradient.Parameters.ToDictionary(
            entry => entry.Name,
            entry => entry.Gradient,
            StringComparer.Ordinal
        );
        return new WeightPerturbation(pass.Model, step, (name, _) => gradients[name].sign(), moves);
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
    internal void During(nn.Module model, Action action)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using Scalar step = -_step;
        var before = model
            .named_parameters()
            .Where(entry => _signs.ContainsKey(entry.name))
            .Select(entry => (Name: entry.name, Parameter: (Tensor)entry.parameter, Values: entry.parameter.clone()))
            .ToList();
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
}
