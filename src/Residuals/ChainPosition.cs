namespace TransformerClinic.Residuals;

/// <summary>
/// What profiling knows when it reaches a connection: what the connections before it in its chain were like.
/// </summary>
/// <param name="RunningRatio">
/// <c>sqrt(Var[x * omega] + Var[f(x)])</c> of the connection before, 1 for the first.
/// </param>
/// <param name="BranchVariancesBefore"><c>sum_{j &lt; i} Var[f_j]</c></param>
/// <param name="ShortcutVarianceBefore"><c>Var[x * omega]</c> of the connection before.</param>
/// <param name="BranchVarianceBefore"><c>Var[f(x)]</c> of the connection before.</param>
internal sealed record ChainPosition(
    double RunningRatio,
    double BranchVariancesBefore,
    double ShortcutVarianceBefore,
    double BranchVarianceBefore
)
{
    public static readonly ChainPosition First = new(1, 0, double.NaN, double.NaN);

    public bool IsFirst => ReferenceEquals(this, First);

    /// <summary>The position after a connection of these variances.</summary>
    public ChainPosition Next(double shortcutVariance, double branchVariance) =>
        new(
            Math.Sqrt(shortcutVariance + branchVariance),
            BranchVariancesBefore + branchVariance,
            shortcutVariance,
            branchVariance
        );
}
