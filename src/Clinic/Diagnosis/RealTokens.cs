using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>Selects the positions that count.</summary>
internal static class RealTokens
{
    /// <summary>The channels of those positions, <c>[tokens, dim]</c>.</summary>
    /// <param name="x"><c>[..., dim]</c></param>
    /// <param name="real">Boolean <c>[...]</c>; null for all positions.</param>
    public static Tensor Of(Tensor x, Tensor? real) => real is null ? x.reshape(-1, x.shape[^1]) : x[real];
}
