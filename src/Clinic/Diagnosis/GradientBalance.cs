using System.Text.Json.Serialization;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>
/// The gradient at a sublayer's output: <c>|dL/dx_i|</c>, Euclidean over <c>[batch, length, dim]</c>.
/// </summary>
/// <param name="Place">The sublayer.</param>
/// <param name="Norm">The norm.</param>
public sealed record SublayerGradient(SublayerPlace Place, double Norm);

/// <summary>
/// How large the gradients of one loss L are along the depth of a model and among its parameters (Liu et al. 2020,
/// section 3 and figures 3 and 5; the reference's <c>--plot_gradient</c>). A sublayer's output is what the
/// next one reads: after the normalization in Post-LN and its variants, the residual sum in Pre-LN and ReZero.
/// </summary>
/// <param name="Sublayers">
/// One norm per sublayer, in backward order: the decoder's last first, the encoder's first last.
/// </param>
/// <param name="Parameters">One norm per parameter.</param>
public sealed record GradientBalance(IReadOnlyList<SublayerGradient> Sublayers, IReadOnlyList<ParameterNorm> Parameters)
{
    /// <summary>
    /// The groups that the model has; all parameters of a third-party model are <see cref="ParameterGroup.Other"/>.
    /// </summary>
    [JsonInclude]
    internal IReadOnlyList<GroupNorm> Groups => ParameterNorms.ByGroup(Parameters);

    /// <summary>
    /// Measures one forward and one backward pass without dropout. The model's gradients are zero afterwards.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="backward">
    /// Propagates the loss's derivative back from the logits <c>[batch, targetLength, vocabulary]</c>, as in <c>logits
    /// => loss(logits).backward()</c>. All norms are of this loss: the reference's are of the sum over the target
    /// tokens.
    /// </param>
    /// <exception cref="InvalidOperationException">
    /// A pass with dropout is in progress, or the loss does not depend on a sublayer.
    /// </exception>
    internal static GradientBalance Measure(Transformer model, ModelInput input, Action<Tensor> backward)
    {
        using var scope = NewDisposeScope();
        return Measure(DiagnosedPass.Of(model, input), backward);
    }

    /// <summary>
    /// Measures one forward and one backward pass of any model. The model's gradients are zero afterwards.
    /// </summary>
    /// <param name="pass">The pass.</param>
    /// <param name="backward">
    /// Propagates the loss's derivative back from what the pass returns, as in <c>output =>
    /// loss(output).backward()</c>.
    /// </param>
    /// <exception cref="InvalidOperationException">
    /// The pass ran through no residual connection, or the loss does not depend on a sublayer.
    /// </exception>
    public static GradientBalance Measure(DiagnosedPass pass, Action<Tensor> backward)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(backward);
        using var scope = NewDisposeScope();
        using var sublayers = new SublayerGradients();
        using var gradient = new LossGradient(pass, backward, sublayers.Keep);
        return new GradientBalance(
            sublayers.InBackwardOrder(),
            [.. gradient.Parameters.SelectMany(entry => ParameterNorms.Of(entry.Name, entry.Gradient))]
        );
    }
}
