namespace TransformerClinic.Residuals;

/// <summary>Whether a trained omega has one value or one per channel.</summary>
public enum OmegaShape
{
    /// <summary>One value, <c>[1]</c>.</summary>
    Scalar,

    /// <summary>One value a channel, <c>[dim]</c>, all equal at the start.</summary>
    Vector,
}

/// <summary>Admin's analytic form: what omega is and whether it is trained.</summary>
public sealed record AnalyticOptions
{
    /// <summary>How the stack's output change is meant to grow with its number of residual connections.</summary>
    public OutputChange OutputChange { get; init; } = OutputChange.LogN;

    /// <summary>One value or one per channel; a constant is the same in all.</summary>
    public OmegaShape Shape { get; init; } = OmegaShape.Scalar;

    /// <summary>Whether omega is trained with the other parameters or stays constant.</summary>
    public bool Trainable { get; init; }
}
