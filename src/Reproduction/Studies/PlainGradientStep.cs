using TransformerClinic.Diagnosis;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>
/// A step down a loss along the gradient itself, <c>W* = W - step * g / rms(g)</c>, the root mean square over all
/// matrices.
/// </summary>
internal static class PlainGradientStep
{
    /// <summary>The step of a model; its gradients are zero afterwards.</summary>
    public static WeightPerturbation Of(Transformer model, Probe probe)
    {
        using var scope = NewDisposeScope();
        using var gradient = new LossGradient(DiagnosedPass.Of(model, probe.Input), probe.Backward, _ => { });
        var gradients = gradient
            .Parameters.Where(entry => ParameterGroups.IsPerturbed(entry.Name))
            .ToDictionary(entry => entry.Name, entry => entry.Gradient, StringComparer.Ordinal);
        var squares = gradients.Values.Sum(values => Math.Pow(Norm.Of(values), 2));
        var scale = tensor(Math.Sqrt(gradients.Values.Sum(values => values.numel()) / squares), ScalarType.Float64);
        return new WeightPerturbation(model, WeightPerturbation.GradientStep, (name, _) => gradients[name] * scale);
    }
}
