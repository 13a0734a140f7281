using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals.Remedies;

/// <summary>
/// <c>y = x / sqrt(mean(x^2) + eps) * weight</c> over the last dimension (Zhang and Sennrich 2019): layer normalization
/// without the mean and without a bias. The weight, <c>[dim]</c>, starts at 1.
/// </summary>
public sealed class RmsNorm : nn.Module<Tensor, Tensor>
{
    private const string WeightName = "weight";
    private readonly Scalar _epsilon;

    /// <summary>A normalization over channels of the given width.</summary>
    /// <param name="dim">Width of the last dimension.</param>
    /// <param name="epsilon">What is added to the mean square.</param>
    /// <param name="device">Where the weight is; torch's default device if null.</param>
    /// <param name="dtype">Its type; torch's default type if null.</param>
    public RmsNorm(long dim, double epsilon = ScaledNorm.UsualEpsilon, Device? device = null, ScalarType? dtype = null)
        : base(nameof(RmsNorm))
    {
        (Epsilon, _epsilon) = (epsilon, epsilon);
        var weight = new Parameter(ones(dim, dtype, device));
        weight.DetachFromDisposeScope();
        register_parameter(WeightName, weight);
    }

    /// <summary>What is added to the mean square.</summary>
    public double Epsilon { get; }

    /// <summary>The gain of each channel, <c>[dim]</c>.</summary>
    /// <remarks>Looked up, not kept: moving a module to another type or device replaces its parameters.</remarks>
    public Parameter Weight => get_parameter(WeightName)!;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var reciprocal = input
            .pow(HeldConstants.Two)
            .mean([-1], keepdim: true)
            .add(_epsilon, HeldConstants.One)
            .rsqrt();
        return input.mul(reciprocal).mul(Weight).MoveToOuterDisposeScope();
    }
}
