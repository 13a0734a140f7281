using TorchSharp.Modules;
using TransformerClinic.Kernels;
using TransformerClinic.Residuals;

namespace TransformerClinic.Decoding.Packed;

/// <summary>
/// A layer normalization of sums: <c>y = factor * LN(x * scale + f)</c>, by the kernel that training uses.
/// </summary>
internal sealed unsafe class PackedNorm
{
    private readonly AlignedMemory<float> _weight;
    private readonly AlignedMemory<float> _bias;

    /// <summary>A normalization as its parameters are now.</summary>
    /// <param name="norm">The normalization.</param>
    /// <param name="factor">What each channel is multiplied by; null for 1.</param>
    public PackedNorm(LayerNorm norm, IReadOnlyList<double>? factor = null)
    {
        var weight = WeightPacking.Vector(norm.weight!);
        var bias = WeightPacking.Vector(norm.bias!);
        for (var i = 0; i < factor?.Count; i++)
        {
            weight.Start[i] *= (float)factor[i];
            bias.Start[i] *= (float)factor[i];
        }

        (_weight, _bias) = (weight, bias);
    }

    /// <summary>A normalization of an equation, times the channels' factors; null for none.</summary>
    public static PackedNorm? Of(ScaledNorm? norm, double[] factor) =>
        norm is null
            ? null
            : new PackedNorm((LayerNorm)norm.Module, Array.ConvertAll(factor, channel => channel * norm.Factor));

    /// <summary>Fills y from x, f and the scale of x's channels (null for 1); y may be x.</summary>
    public void Apply(float* x, float* f, AlignedMemory<float>? scale, float* y, int rows, Workspace work) =>
        new NormalizedSum(
            rows,
            work.Dim,
            scale is null ? null : scale.Start,
            _weight.Start,
            _bias.Start,
            mask: null
        ).Forward<float, Float32>(x, f, y, work.Mean, work.Deviation);
}
