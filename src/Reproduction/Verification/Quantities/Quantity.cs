namespace TransformerClinic.Reproduction.Verification.Quantities;

/// <summary>One quantity that was compared with the reference.</summary>
/// <param name="Name">
/// Where it was recorded and what it is, separated by slashes: <c>model/admin/perturbed/float64/logits</c>.
/// </param>
/// <param name="Absolute">Largest difference; null if nothing was compared or a value is not a number.</param>
/// <param name="Relative">
/// Largest difference of a tensor divided by the largest absolute value expected in it; null as above.
/// </param>
/// <param name="Tolerance">The allowed difference, in words; empty if nothing was compared.</param>
/// <param name="Verdict">The result.</param>
/// <param name="Detail">How much was compared, where the difference is largest, or why nothing was compared.</param>
public sealed record Quantity(
    string Name,
    double? Absolute,
    double? Relative,
    string Tolerance,
    Verdict Verdict,
    string Detail
)
{
    internal static Quantity NotYet(string name, string why) => new(name, null, null, "", Verdict.NotYet, why);

    internal static Quantity NotCompared(string name, string why) =>
        new(name, null, null, "", Verdict.NotCompared, why);
}
