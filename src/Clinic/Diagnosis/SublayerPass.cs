using TransformerClinic.Model;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>What one sublayer computed in a pass; the tensors belong to the pass, each <c>[..., dim]</c>.</summary>
/// <param name="Place">The sublayer.</param>
/// <param name="Residual">How it puts shortcut, branch and normalization together.</param>
/// <param name="Shortcut">x, its input: the stream that its branch reads.</param>
/// <param name="Branch">f, what its branch computed from it.</param>
/// <param name="Output">Its output, the stream that the next branch reads.</param>
internal sealed record SublayerPass(
    SublayerPlace Place,
    ResidualConnection Residual,
    Tensor Shortcut,
    Tensor Branch,
    Tensor Output
)
{
    /// <summary>
    /// The state that travels on, <c>[..., k dim]</c>: the output itself, and other streams next to it where the
    /// variant has more than one.
    /// </summary>
    public Tensor State { get; init; } = Output;

    /// <summary>The state that came in, of which <see cref="Shortcut"/> is the stream.</summary>
    public Tensor ShortcutState { get; init; } = Shortcut;

    /// <summary>
    /// <c>(x - mean(x)) / std(x)</c> of the output over each token's channels, at the real positions, <c>[tokens,
    /// dim]</c>.
    /// </summary>
    /// <param name="real">Boolean <c>[...]</c>; null for all.</param>
    public Tensor Standardized(Tensor? real)
    {
        using var scope = NewDisposeScope();
        var tokens = RealTokens.Of(Output, real);
        return (
            (tokens - tokens.mean([-1], keepdim: true)) / tokens.std(-1, unbiased: true, keepdim: true)
        ).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// How far the standardized output is from that of another pass: the mean square of a number's difference.
    /// </summary>
    public double ChangeFrom(Tensor standardized, Tensor? real)
    {
        using var scope = NewDisposeScope();
        return (standardized - Standardized(real)).to(ScalarType.Float64).pow(HeldScalars.Two).mean().item<double>();
    }
}
