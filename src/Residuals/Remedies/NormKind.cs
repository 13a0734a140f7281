using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals.Remedies;

/// <summary>Which normalizations a stack has.</summary>
public enum NormKind
{
    /// <summary><c>(x - mean) / sqrt(var + eps) * weight + bias</c>, eps 1e-5.</summary>
    LayerNorm,

    /// <summary><c>(x - mean) / sqrt(var + eps) * weight</c>, eps 1e-5.</summary>
    LayerNormWithoutBias,

    /// <summary><see cref="Remedies.RmsNorm"/>: <c>x / sqrt(mean(x^2) + eps) * weight</c>, eps 1e-5.</summary>
    RmsNorm,

    /// <summary><see cref="Remedies.ScaleNorm"/>: <c>g x / max(|x|, 1e-5)</c>, one number g for all channels.</summary>
    ScaleNorm,
}

/// <summary>Makes normalizations, and knows those that it makes.</summary>
internal static class NormKinds
{
    /// <summary>Whether a module is of one of these kinds: a normalization with a gain.</summary>
    public static bool Include(nn.Module module) =>
        module is LayerNorm { weight: not null } or Remedies.RmsNorm or Remedies.ScaleNorm;

    /// <summary>A normalization over the last dimension, its gains and bias what they start from.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The kind is not a known one.</exception>
    public static nn.Module<Tensor, Tensor> Create(
        this NormKind kind,
        long dim,
        Device? device = null,
        ScalarType? dtype = null,
        double epsilon = ScaledNorm.UsualEpsilon
    ) =>
        kind switch
        {
            NormKind.LayerNorm => nn.LayerNorm(dim, epsilon, device: device, dtype: dtype),
            NormKind.LayerNormWithoutBias => nn.LayerNorm(dim, epsilon, bias: false, device: device, dtype: dtype),
            NormKind.RmsNorm => new RmsNorm(dim, epsilon, device, dtype),
            NormKind.ScaleNorm => new ScaleNorm(dim, device, dtype),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This kind of normalization is not known."),
        };
}
