using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

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

    /// <summary>p of <c>omega = n^p</c>, with <see cref="OutputChange.Power"/>.</summary>
    [Range(0.0, 2.0)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double Power { get; init; }

    /// <summary>
    /// Whether the branch reads <c>LN(x)</c> in place of x, as Keel's does: <c>LN(x * omega + f(LN(x)))</c>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool InnerNorm { get; init; }

    /// <summary>One value or one per channel; a constant is the same in all.</summary>
    public OmegaShape Shape { get; init; } = OmegaShape.Scalar;

    /// <summary>Whether omega is trained with the other parameters or stays constant.</summary>
    public bool Trainable { get; init; }
}
