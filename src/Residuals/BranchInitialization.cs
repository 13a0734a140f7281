namespace TransformerClinic.Residuals;

/// <summary>The distribution that a matrix is drawn from.</summary>
public enum WeightDistribution
{
    /// <summary><c>U(-a, a)</c>, <c>a = gain * sqrt(6 / (rows + columns))</c>.</summary>
    XavierUniform,

    /// <summary><c>N(0, s^2)</c>, <c>s = gain * sqrt(2 / (rows + columns))</c>.</summary>
    XavierNormal,

    /// <summary><c>N(0, s^2)</c>, <c>s = gain</c>, whatever the shape.</summary>
    Normal,
}

/// <summary>How the matrices of a sublayer's branch are drawn; biases are always zero.</summary>
public sealed record BranchInitialization
{
    /// <summary>Xavier-uniform, Q, K and V as one <c>[3d, d]</c> matrix, as in the reference.</summary>
    public static BranchInitialization Standard { get; } = new();

    /// <summary>The distribution.</summary>
    public WeightDistribution Distribution { get; init; } = WeightDistribution.XavierUniform;

    /// <summary>
    /// The gain of the value and output projections and of both feed-forward matrices; where Q, K and V are one matrix,
    /// of all three.
    /// </summary>
    public double Gain { get; init; } = 1;

    /// <summary>The gain of queries and keys that are drawn by themselves.</summary>
    public double QueryKeyGain { get; init; } = 1;

    /// <summary>A further gain of all of attention's matrices.</summary>
    public double AttentionGain { get; init; } = 1;

    /// <summary>
    /// A further gain of the matrices that write to the stream: the output projection and the second feed-forward
    /// matrix.
    /// </summary>
    public double OutputGain { get; init; } = 1;

    /// <summary>What the embedding that the stack reads is multiplied by once it is drawn.</summary>
    public double EmbeddingGain { get; init; } = 1;

    /// <summary>
    /// Whether Q, K and V are drawn as three <c>[d, d]</c> matrices, which have twice the variance of the fused one.
    /// </summary>
    public bool SeparateProjections { get; init; }

    /// <summary>
    /// Whether the second half of the feed-forward sublayer's hidden units is minus the first
    /// (<see cref="LookLinearResidual"/>).
    /// </summary>
    public bool MirroredFeedForward { get; init; }
}
