using TransformerClinic.Residuals.Remedies;

namespace TransformerClinic.Residuals;

/// <summary>Whether the first omega of a stack is trained.</summary>
public enum FirstOmega
{
    /// <summary>
    /// It stays at its initial 1: there is no earlier normalization that it could be folded into, and it costs nothing.
    /// </summary>
    Frozen,

    /// <summary>It is trained like the others, as in the authors' code.</summary>
    Trainable,
}

/// <summary>The residual connections of a stack.</summary>
internal sealed record ResidualOptions
{
    /// <summary>How branch, shortcut and normalization are put together.</summary>
    public ResidualVariant Variant { get; init; } = ResidualVariant.Admin;

    /// <summary>Whether the first omega of an <see cref="ResidualVariant.Admin"/> stack is trained.</summary>
    public FirstOmega FirstOmega { get; init; } = FirstOmega.Frozen;

    /// <summary>The omega of an <see cref="ResidualVariant.AdminAnalytic"/> stack.</summary>
    public AnalyticOptions Analytic { get; init; } = new();

    /// <summary>Which normalizations the stack has.</summary>
    public NormKind Norm { get; init; }

    /// <summary>How the matrices of the branches are drawn.</summary>
    public InitialWeights Initialization { get; init; }

    /// <summary>How large branches are while the model trains.</summary>
    public BranchSchedule BranchSchedule { get; init; }

    /// <summary>A variant of the program's own in place of <see cref="Variant"/>; null for none.</summary>
    public ResidualDesign? Design { get; init; }

    /// <summary>Whether <see cref="FirstOmega"/> makes a difference.</summary>
    public bool ReadsFirstOmega => Design is null && Variant == ResidualVariant.Admin;

    /// <summary>Whether <see cref="Analytic"/> makes a difference.</summary>
    public bool ReadsAnalytic => Design is null && Variant == ResidualVariant.AdminAnalytic;
}
