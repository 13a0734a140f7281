using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.Verification.Quantities;

/// <summary>How far a tensor is from the expected one.</summary>
/// <param name="Absolute">The largest difference of two elements; infinite if one is not a number.</param>
/// <param name="Largest">The largest absolute value expected.</param>
internal readonly record struct Difference(double Absolute, double Largest)
{
    /// <summary><c>max |found - expected| / max |expected|</c></summary>
    public double Relative =>
        Absolute == 0 ? 0
        : double.IsFinite(Absolute) ? Absolute / Largest
        : Absolute;

    /// <summary>
    /// The same difference, relative to <paramref name="scale"/> if all expected values are smaller.
    /// </summary>
    public Difference RelativeTo(double scale) => scale > Largest ? this with { Largest = scale } : this;

    /// <summary>The difference of two tensors of the same shape, computed in float64.</summary>
    public static Difference Of(Tensor expected, Tensor found)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        if (expected.numel() == 0)
        {
            return default;
        }

        var (wanted, got) = (expected.to(ScalarType.Float64), found.detach().to(ScalarType.Float64));
        var absolute = (got - wanted).abs().max().item<double>();
        return new Difference(
            double.IsNaN(absolute) ? double.PositiveInfinity : absolute,
            wanted.abs().max().item<double>()
        );
    }
}
