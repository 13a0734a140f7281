using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals.Remedies;

/// <summary>
/// <c>y = g * x / max(|x|, 1e-5)</c>, |x| the Euclidean length over the last dimension (Nguyen and Salazar 2019,
/// "ScaleNorm"): one trained number g, <c>[1]</c>, which starts at the square root of the width, so that y is as large
/// as after <see cref="RmsNorm"/>.
/// </summary>
public sealed class ScaleNorm : nn.Module<Tensor, Tensor>
{
    /// <summary>The length that shorter vectors are divided by.</summary>
    public const double ShortestLength = 1e-5;

    private const string WeightName = "weight";
    private readonly Scalar _shortest = ShortestLength;

    /// <summary>A normalization over channels of the given width.</summary>
    /// <param name="dim">Width of the last dimension.</param>
    /// <param name="device">Where the weight is; torch's default device if null.</param>
    /// <param name="dtype">Its type; torch's default type if null.</param>
    public ScaleNorm(long dim, Device? device = null, ScalarType? dtype = null)
        : base(nameof(ScaleNorm))
    {
        Dim = dim;
        using Scalar start = Math.Sqrt(dim);
        var weight = new Parameter(full(1, start, dtype, device));
        weight.DetachFromDisposeScope();
        register_parameter(WeightName, weight);
    }

    /// <summary>Width of the last dimension.</summary>
    public long Dim { get; }

    /// <summary>g, the length of every output, <c>[1]</c>.</summary>
    /// <remarks>Looked up, not kept: moving a module to another type or device replaces its parameters.</remarks>
    public Parameter Weight => get_parameter(WeightName)!;

    /// <summary><c>g / max(|x|, 1e-5)</c>, <c>[..., 1]</c>.</summary>
    internal Tensor FactorOf(Tensor x)
    {
        using var scope = NewDisposeScope();
        return Weight.div(x.norm(-1, keepdim: true).clamp_min(_shortest)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var factor = FactorOf(input);
        return input.mul(factor);
    }
}
