using TorchSharp.Modules;
using TransformerClinic.Kernels;
using TransformerClinic.Residuals;
using TransformerClinic.Residuals.Remedies;
using static TorchSharp.torch;

namespace TransformerClinic.Decoding.Packed;

/// <summary>
/// A normalization of sums: <c>y = factor * norm(x * scale + f)</c>, by the kernel that training uses; an RMS
/// normalization by the same without the mean, and so is one by length, for <c>|x| = sqrt(dim mean(x^2))</c>.
/// </summary>
internal sealed unsafe class PackedNorm
{
    private readonly AlignedMemory<float> _weight;
    private readonly AlignedMemory<float> _bias;
    private readonly double _epsilon;
    private readonly bool _centers;
    private readonly float _smallestDeviation;

    /// <summary>Channels.</summary>
    public int Dim { get; }

    /// <summary>A normalization by its numbers.</summary>
    /// <param name="gain">What is multiplied by, <c>[dim]</c>.</param>
    /// <param name="shift">What is added, <c>[dim]</c>; null for nothing.</param>
    /// <param name="epsilon">What is added to the variance.</param>
    /// <param name="centers">Whether the mean is subtracted.</param>
    /// <param name="factor">What each channel is multiplied by in the end; null for 1.</param>
    public PackedNorm(
        WeightMemory gain,
        WeightMemory? shift,
        double epsilon,
        bool centers,
        IReadOnlyList<double>? factor = null
    )
        : this(gain, shift, epsilon, centers, smallestDeviation: 0, factor) { }

    private PackedNorm(
        WeightMemory gain,
        WeightMemory? shift,
        double epsilon,
        bool centers,
        double smallestDeviation,
        IReadOnlyList<double>? factor
    )
    {
        (Dim, _epsilon, _centers, _smallestDeviation) = (gain.Rows, epsilon, centers, (float)smallestDeviation);
        var weight = WeightPacking.Vector(gain.Values);
        var bias = shift is null ? new AlignedMemory<float>(gain.Rows) : WeightPacking.Vector(shift.Values);
        for (var i = 0; i < factor?.Count; i++)
        {
            weight.Start[i] *= (float)factor[i];
            bias.Start[i] *= (float)factor[i];
        }

        (_weight, _bias) = (weight, bias);
    }

    /// <summary>A normalization as its parameters are now; one of those that <see cref="NormKinds"/> include.</summary>
    /// <param name="norm">The normalization.</param>
    /// <param name="factor">What each channel is multiplied by; null for 1.</param>
    public static PackedNorm Of(nn.Module<Tensor, Tensor> norm, IReadOnlyList<double>? factor = null)
    {
        if (norm is RmsNorm rms)
        {
            return new PackedNorm(WeightMemory.Of(rms.Weight), null, rms.Epsilon, centers: false, factor);
        }

        if (norm is ScaleNorm scale)
        {
            return OfLength(WeightMemory.Of(scale.Weight), (int)scale.Dim, factor);
        }

        var layerNorm = (LayerNorm)norm;
        return new PackedNorm(
            WeightMemory.Of(layerNorm.weight!),
            layerNorm.bias is { } bias ? WeightMemory.Of(bias) : null,
            layerNorm.eps,
            centers: true,
            factor
        );
    }

    /// <summary><see cref="ScaleNorm"/> by its numbers.</summary>
    /// <param name="length">g, <c>[1]</c>.</param>
    /// <param name="dim">Channels.</param>
    /// <param name="factor">What each channel is multiplied by; null for 1.</param>
    public static PackedNorm OfLength(WeightMemory length, int dim, IReadOnlyList<double>? factor = null)
    {
        var (root, gain) = (Math.Sqrt(dim), new AlignedMemory<float>(dim));
        new Span<float>(gain.Start, dim).Fill((float)(length.Values[0] / root));
        var smallest = ScaleNorm.ShortestLength / root;
        return new PackedNorm(new WeightMemory(gain.Start, dim, 1, gain), null, 0, centers: false, smallest, factor);
    }

    /// <summary>A normalization of an equation, times the channels' factors; null for none.</summary>
    public static PackedNorm? Of(ScaledNorm? norm, double[] factor) =>
        norm is null ? null : Of(norm.Module, Array.ConvertAll(factor, channel => channel * norm.Factor));

    /// <summary>The normalizations of rows of any length, one after another, in their places.</summary>
    public void Apply(float* rows, int count)
    {
        for (var row = 0; row < count; row++)
        {
            NormalizedRow.Apply(
                new Span<float>(rows + ((long)row * Dim), Dim),
                new ReadOnlySpan<float>(_weight.Start, Dim),
                new ReadOnlySpan<float>(_bias.Start, Dim),
                _epsilon,
                _centers,
                _smallestDeviation
            );
        }
    }

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
            _centers,
            _smallestDeviation
        ).Forward<float, Float32>(x, f, y, work.Mean, work.Deviation);
}
