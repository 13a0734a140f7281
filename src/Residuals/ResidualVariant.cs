namespace TransformerClinic.Residuals;

/// <summary>
/// How a sublayer's branch, its shortcut and its layer normalization are put together, as the options of a model name
/// it; each is a type of its own.
/// </summary>
public enum ResidualVariant
{
    /// <summary><see cref="PostLnResidual"/>: <c>x = LN(x + f(x))</c>, the original Transformer.</summary>
    PostLn,

    /// <summary>
    /// <see cref="PreLnResidual"/>: <c>x = x + f(LN(x))</c>, with one more normalization at the end of the stack.
    /// </summary>
    PreLn,

    /// <summary>
    /// <see cref="AdminResidual"/>: <c>x = LN(x * omega + f(x))</c>, omega a trainable vector set by one profiling
    /// pass, as the authors' code does it.
    /// </summary>
    Admin,

    /// <summary>
    /// <see cref="AdminFormulaResidual"/>: Admin with omega as the paper's formula prints it, which deletes the
    /// embedding; for study.
    /// </summary>
    AdminFormula,

    /// <summary>
    /// <see cref="AdminAnalyticResidual"/>: <c>x = LN(x * omega + f(x))</c>, omega from the number of sublayers only,
    /// without profiling.
    /// </summary>
    AdminAnalytic,

    /// <summary>
    /// <see cref="DeepNormResidual"/>: <c>x = LN(alpha * x + f(x))</c>, alpha constant, the branch's initial weights
    /// scaled by beta.
    /// </summary>
    DeepNorm,

    /// <summary>
    /// <see cref="RezeroResidual"/>: <c>x = x + alpha * f(x)</c>, alpha trained from 0, no normalization.
    /// </summary>
    Rezero,

    /// <summary><see cref="RezeroPostLnResidual"/>: <c>x = LN(x + alpha * f(x))</c>, alpha trained from 0.</summary>
    RezeroPostLn,

    /// <summary>
    /// <see cref="LookLinearResidual"/>: Post-LN whose feed-forward branches start as linear functions.
    /// </summary>
    LookLinear,
}
