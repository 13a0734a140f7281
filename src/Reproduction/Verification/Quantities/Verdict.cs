namespace TransformerClinic.Reproduction.Verification.Quantities;

/// <summary>What came of comparing one quantity with the reference.</summary>
public enum Verdict
{
    /// <summary>It is the reference's within the tolerance.</summary>
    Holds,

    /// <summary>It is not.</summary>
    Fails,

    /// <summary>It was recorded, but what would compute it here is not written yet.</summary>
    NotYet,

    /// <summary>It is not there, or it is nothing that ours must equal; the detail says which.</summary>
    NotCompared,
}
