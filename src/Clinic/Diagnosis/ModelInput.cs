using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>What a model reads in a diagnosed pass.</summary>
/// <param name="Source">Source tokens, int64 <c>[batch, sourceLength]</c>.</param>
/// <param name="PreviousOutput">
/// Previous output tokens, int64 <c>[batch, targetLength]</c>, beginning with the end mark.
/// </param>
internal sealed record ModelInput(Tensor Source, Tensor PreviousOutput)
{
    /// <summary>
    /// Logits <c>[batch, targetLength, vocabulary]</c>, computed without dropout, so that a pass can be repeated.
    /// </summary>
    /// <exception cref="InvalidOperationException">A pass with dropout is in progress.</exception>
    internal Tensor Forward(Transformer model) =>
        model.Dropout.Active
            ? throw new InvalidOperationException(
                "A diagnosis compares passes: end the pass with dropout that is in progress first."
            )
            : model.Forward(Source, PreviousOutput);
}
