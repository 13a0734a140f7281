using TransformerClinic.Reproduction.Verification.Quantities;

namespace TransformerClinic.Reproduction.Verification;

/// <summary>The result of a verification.</summary>
/// <param name="Folder">The reference data.</param>
/// <param name="Hold">Quantities that equal the reference's.</param>
/// <param name="Fail">Quantities that do not.</param>
/// <param name="NotYet">Quantities that nothing here computes yet.</param>
/// <param name="NotCompared">Quantities that were not compared for another reason.</param>
/// <param name="Quantities">Each of them.</param>
public sealed record VerificationReport(
    string Folder,
    int Hold,
    int Fail,
    int NotYet,
    int NotCompared,
    IReadOnlyList<Quantity> Quantities
)
{
    /// <summary>The numbers in one line: <c>131 hold, 0 fail, 9 not yet, 3 not compared</c>.</summary>
    public string Summary =>
        FormattableString.Invariant($"{Hold} hold, {Fail} fail, {NotYet} not yet, {NotCompared} not compared");

    internal static VerificationReport Of(string folder, IReadOnlyList<Quantity> quantities)
    {
        int Count(Verdict verdict) => quantities.Count(quantity => quantity.Verdict == verdict);
        return new VerificationReport(
            folder,
            Count(Verdict.Holds),
            Count(Verdict.Fails),
            Count(Verdict.NotYet),
            Count(Verdict.NotCompared),
            quantities
        );
    }
}
