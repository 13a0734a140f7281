using System.Globalization;

namespace TransformerClinic.Reproduction.Verification.Quantities;

/// <summary>What a tolerance bounds.</summary>
internal enum Measure
{
    /// <summary>The largest difference.</summary>
    Absolute,

    /// <summary>The largest difference, divided by the largest value expected.</summary>
    Relative,

    /// <summary>
    /// The largest difference, divided by the largest value expected or by 1, whichever is more: for values around 1
    /// that may all be small.
    /// </summary>
    RelativeToOne,

    /// <summary>
    /// The largest difference, for values that are printed with two decimals and must be identical in print.
    /// </summary>
    TwoDecimals,
}

/// <summary>The allowed difference from the reference.</summary>
/// <param name="Bound">The largest allowed value; 0 for what must be identical.</param>
/// <param name="Measure">What it bounds.</param>
internal sealed record Tolerance(double Bound, Measure Measure)
{
    /// <summary>
    /// How large a difference is by this tolerance's measure; it is allowed up to <see cref="Bound"/>.
    /// </summary>
    public double Of(Difference difference) =>
        Measure switch
        {
            Measure.Relative => difference.Relative,
            Measure.RelativeToOne => Math.Min(difference.Absolute, difference.Relative),
            _ => difference.Absolute,
        };

    /// <inheritdoc/>
    public override string ToString()
    {
        var bound = Bound.ToString("0e-0", CultureInfo.InvariantCulture);
        return (Bound, Measure) switch
        {
            (0, _) => "identical",
            (_, Measure.Absolute) => $"{bound} absolute",
            (_, Measure.Relative) => $"{bound} relative",
            (_, Measure.RelativeToOne) => $"{bound} of max(1, largest)",
            _ => "two decimals",
        };
    }
}
