using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>
/// How much a model's output changes when its weights do, <c>|F(x, W) - F(x, W*)|</c>, along the depth of its stacks
/// (Liu et al. 2020, section 4.2 and figure 4; the reference's <c>--plot_stability</c>, which only knows the encoder).
/// </summary>
/// <remarks>
/// By the paper's theorem 2 the change grows with <c>sum_i beta[i][i]^2</c>: with N for Post-LN, with log N for Pre-LN
/// and Admin. Within one model that is the curve over its sublayers; variants with a constant omega or alpha keep the
/// output's change the same across models of different depth, so for them fit a <see cref="GrowthFit"/> to the last
/// changes of several models.
/// </remarks>
/// <param name="Encoder">The encoder's.</param>
/// <param name="Decoder">The decoder's, which reads the changed encoder.</param>
internal sealed record ModelOutputChange(StackOutputChange Encoder, StackOutputChange Decoder)
{
    /// <summary>Measures two forward passes without dropout. The weights are the same afterwards, bit by bit.</summary>
    /// <param name="model">A model of any residual variants.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="perturbation">The change of its weights.</param>
    /// <exception cref="InvalidOperationException">A pass with dropout is in progress.</exception>
    public static ModelOutputChange Measure(Transformer model, ModelInput input, WeightPerturbation perturbation)
    {
        using var scope = NewDisposeScope();
        var stacks = StackOutputChange.Measure(DiagnosedPass.Of(model, input), perturbation);
        return new ModelOutputChange(
            stacks.Single(stack => stack.Stack == StackName.Encoder.Word()),
            stacks.Single(stack => stack.Stack == StackName.Decoder.Word())
        );
    }
}
