using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>The gradient at a sublayer's output: <c>|dL/dx_i|</c>, Euclidean over <c>[batch, length, dim]</c>.</summary>
/// <param name="Place">The sublayer.</param>
/// <param name="Norm">The norm.</param>
public sealed record SublayerGradient(SublayerPlace Place, double Norm);

/// <summary>The gradient of a parameter, or of a third of one where queries, keys and values are one matrix: <c>|dL/dW|</c>.</summary>
/// <param name="Name">Our name of the parameter.</param>
/// <param name="Group">What it is for.</param>
/// <param name="Norm">Euclidean norm.</param>
/// <param name="Elements">How many numbers it has.</param>
public sealed record ParameterGradient(string Name, ParameterGroup Group, double Norm, long Elements);

/// <summary>The gradient of all parameters of a group together.</summary>
/// <param name="Group">The group.</param>
/// <param name="Norm">Euclidean norm.</param>
/// <param name="Elements">How many numbers it has.</param>
public sealed record GroupGradient(ParameterGroup Group, double Norm, long Elements)
{
    /// <summary><c>Norm / sqrt(Elements)</c>, which does not depend on the group's size.</summary>
    public double RootMeanSquare => Norm / Math.Sqrt(Elements);
}

/// <summary>
/// How large the gradients of one loss L are along the depth of a model and among its parameters (Liu et al. 2020, section 3
/// and figures 3 and 5; the reference's <c>--plot_gradient</c>). A sublayer's output is what it hands on: after the
/// normalisation in Post-LN and its kin, the residual sum in Pre-LN and ReZero.
/// </summary>
/// <param name="Sublayers">One norm a sublayer, in backward order: the decoder's last first, the encoder's first last.</param>
/// <param name="Parameters">One norm a parameter.</param>
public sealed record GradientBalance(IReadOnlyList<SublayerGradient> Sublayers, IReadOnlyList<ParameterGradient> Parameters)
{
    /// <summary>The groups that the model has.</summary>
    public IReadOnlyList<GroupGradient> Groups =>
    [
        .. from parameter in Parameters
           group parameter by parameter.Group into parts
           orderby parts.Key
           select new GroupGradient(parts.Key, Math.Sqrt(parts.Sum(part => part.Norm * part.Norm)), parts.Sum(part => part.Elements)),
    ];

    /// <summary>Measures one forward and one backward pass without dropout. The model's gradients are zero afterwards.</summary>
    /// <param name="model">The model.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="backward">
    /// Propagates the loss's derivative back from the logits <c>[batch, targetLength, vocabulary]</c>, as in <c>logits => loss(logits).backward()</c>. All norms
    /// are of this loss: the reference's are of the sum over the target tokens.
    /// </param>
    /// <exception cref="InvalidOperationException">A pass with dropout is under way, or the loss does not depend on a sublayer.</exception>
    public static GradientBalance Measure(Transformer model, ModelInput input, Action<Tensor> backward)
    {
        using var scope = NewDisposeScope();
        using var sublayers = new SublayerGradients(model);
        using var gradient = new LossGradient(model, input, backward);
        return new GradientBalance(sublayers.InBackwardOrder(), [.. gradient.Parameters.SelectMany(entry => Norms(entry.Name, entry.Gradient))]);
    }

    private static IEnumerable<ParameterGradient> Norms(string name, Tensor gradient) =>
        ParameterGroups.Of(name, gradient).Select(entry => new ParameterGradient(name, entry.Group, Diagnosis.Norm.Of(entry.Part), entry.Part.numel()));
}
