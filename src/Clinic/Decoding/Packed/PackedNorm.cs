using TorchSharp.Modules;
using TransformerClinic.Kernels;
using TransformerClinic.Residuals;
using TransformerClinic.Residuals.Remedies;
using static TorchSharp.torch;

namespace TransformerClinic.Decoding.Packed;

/// <summary>
/// A normalization of sums: <c>y = factor * norm(x * scale + f)</c>, by the kernel that training uses; an RMS
/// normalization by the same without the mean.
/// </summary>
internal sealed unsafe class PackedNorm
{
    private readonly AlignedMemory<float> _weight;
    private readonly AlignedMemory<float> _bias;
    private readonly double _epsilon;
    private readonly bool _centers;

    /// <summary>A normalization as its parameters are now; one of those that <see cref="NormKinds"/> include.</summary>
    /// <param name="norm">The normalization.</param>
    /// <param name="factor">What each channel is multiplied by; null for 1.</param>
    public PackedNorm(nn.Module<Tensor, Tensor> norm, IReadOnlyList<double>? factor = null)
    {
        var (gain, shift) = norm is RmsNorm rms
            ? (rms.Weight, null)
            : (((LayerNorm)norm).weight!, ((LayerNorm)norm).bias);
        (_epsilon, _centers) = norm is RmsNorm other ? (other.Epsilon, false) : (((LayerNorm)norm).eps, true);
        var weight = WeightPacking.Vector(gain);
        var bias = shift is null ? WeightPacking.Vector(new float[gain.numel()]) : WeightPacking.Vector(shift);
        for (var i = 0; i < factor?.Count; i++)
        {
            weight.Start[i] *= (float)factor[i];
            bias.Start[i] *= (float)factor[i];
        }

        (_weight, _bias) = (weight, bias);
    }

    /// <summary>A normalization of an equation, times the channels' factors; null for none.</summary>
    public static PackedNorm? Of(ScaledNorm? norm, double[] factor) =>
        norm is null ? null : new PackedNorm(norm.Module, Array.ConvertAll(factor, channel => channel * norm.Factor));

    /// <summary>Fills y from x, f and the scale of x's channels (null for 1); y may be x.</summary>
    public void Apply(float* x, float* f, AlignedMemory<float>? scale, float* y, int rows, Workspace work) =>
        new NormalizedSum(
            rows,
            work.Dim,
            scale is null ? null : scale.Start,
            _weight.Start,
            _bias.Start,
            mask: null,
            _epsilon,
            _centers
        ).Forward<float, Float32>(x, f, y, work.Mean, work.Deviation);
}
