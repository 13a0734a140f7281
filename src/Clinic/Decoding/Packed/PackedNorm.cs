using TorchSharp.Modules;
using TransformerClinic.Kernels;

namespace TransformerClinic.Decoding.Packed;

/// <summary>A layer normalisation of sums: <c>y = LN(x * scale + f)</c>, by the kernel that training uses.</summary>
internal sealed unsafe class PackedNorm(LayerNorm norm)
{
    private readonly AlignedMemory<float> _weight = WeightPacking.Vector(norm.weight!);
    private readonly AlignedMemory<float> _bias = WeightPacking.Vector(norm.bias!);

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
