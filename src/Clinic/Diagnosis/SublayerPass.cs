using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>What one sublayer computed in a pass; the tensors are the pass's own, each <c>[batch, length, dim]</c>.</summary>
/// <param name="Place">The sublayer.</param>
/// <param name="Residual">How it puts shortcut, branch and normalisation together.</param>
/// <param name="Shortcut">x, what came in.</param>
/// <param name="Branch">f, what its branch made of it.</param>
/// <param name="Output">What went out.</param>
internal sealed record SublayerPass(SublayerPlace Place, ResidualConnection Residual, Tensor Shortcut, Tensor Branch, Tensor Output);
