namespace TransformerClinic.Reproduction.Verification.Quantities;

/// <summary>The result of comparing one quantity with the reference.</summary>
public enum Verdict
{
    /// <summary>It equals the reference's within the tolerance.</summary>
    Holds,

    /// <summary>It does not.</summary>
    Fails,

    /// <summary>It was recorded, but nothing here computes it yet.</summary>
    NotYet,

    /// <summary>It is missing, or it is not something that ours must equal; the detail says which.</summary>
    NotCompared,
}
