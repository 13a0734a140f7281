using TransformerClinic.Diagnosis.Depth;
using TransformerClinic.Model;
using TransformerClinic.Training;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis.Findings;

/// <summary>What a prediction before training looks at: one model, and how it is going to be trained.</summary>
/// <param name="FirstStep">How far the largest of the first updates moves a weight.</param>
/// <param name="PeakStep">How far the largest of all updates does: that of the peak learning rate.</param>
/// <param name="Amplification">
/// <c>a = E |x^(W) - x^(W - d sign(dL/dW))|^2 / d^2</c> for a small d, x^ the encoder's last state, standardized over a
/// token's channels. <c>s sign(dL/dW)</c> is Adam's first update at the learning rate s.
/// </param>
/// <param name="Similarity">
/// Mean cosine of two tokens of a sentence after the encoder's last sublayer: <see cref="TokenSimilarity"/>.
/// </param>
internal sealed record TrainingSigns(double FirstStep, double PeakStep, double Amplification, double Similarity)
{
    // From there on RAdam's rectification is 1, and every schedule is past its warm-up or hardly in it.
    private const int MostUpdates = 1_000_000;

    /// <summary>
    /// Measures them; null for stochastic gradient descent, whose steps are as large as the gradients.
    /// </summary>
    /// <param name="model">The model before its first update, profiled where its variant is, in float64.</param>
    /// <param name="probe">What it reads, and the loss.</param>
    /// <param name="options">How it is going to be trained.</param>
    /// <param name="horizon">How many updates are the first.</param>
    public static TrainingSigns? Of(Transformer model, Probe probe, TrainingOptions options, int horizon)
    {
        if (
            Findings.FirstStep.Of(options, horizon) is not { } first
            || Findings.FirstStep.Of(options, Math.Min(options.MaxUpdates, MostUpdates)) is not { } peak
        )
        {
            return null;
        }

        using var scope = NewDisposeScope();
        var similarity = TokenSimilarity
            .Measure([DiagnosedPass.Of(model, probe.Input)])
            .Last(entry => entry.Place.Address?.Stack == StackName.Encoder)
            .Value;
        return new TrainingSigns(first, Math.Max(first, peak), AmplificationOf(model, probe), similarity);
    }

    /// <summary><see cref="Amplification"/> of a model.</summary>
    public static double AmplificationOf(Transformer model, Probe probe)
    {
        using var perturbation = WeightPerturbation.GradientSigns(model, probe.Input, probe.Backward);
        return ModelOutputChange.Measure(model, probe.Input, perturbation).Encoder.Changes[^1]
            / (WeightPerturbation.GradientStep * WeightPerturbation.GradientStep);
    }
}
