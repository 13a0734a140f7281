using TransformerClinic.Residuals.Remedies;

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

    /// <summary><see cref="KeelResidual"/>: <c>x = LN(n * x + f(LN(x)))</c>, n the number of sublayers.</summary>
    Keel,

    /// <summary>
    /// <see cref="B2tResidual"/>: Post-LN whose last sublayer of a layer adds the layer's input once more.
    /// </summary>
    B2t,

    /// <summary>
    /// <see cref="DualResidual"/>: ResiDual, Post-LN with the sum of all branches next to it, added at the end.
    /// </summary>
    Residual,

    /// <summary><see cref="LayerNormScalingResidual"/>: <c>x = x + f(LN(x) / sqrt(l))</c> in the layer l.</summary>
    LayerNormScaling,

    /// <summary><see cref="MixLnResidual"/>: Post-LN in the first quarter of the layers, then Pre-LN.</summary>
    MixLn,

    /// <summary>
    /// <see cref="PeriLnResidual"/>: <c>x = x + LN(f(LN(x)))</c>, the stack's input and output normalized as well.
    /// </summary>
    PeriLn,

    /// <summary><see cref="SandwichLnResidual"/>: the same with the stack's input as it is.</summary>
    SandwichLn,

    /// <summary><see cref="OutputNormResidual"/>: <c>x = x + LN(f(x))</c>.</summary>
    OutputNorm,

    /// <summary>
    /// <see cref="LayerScaleResidual"/>: <c>x = x + lambda * f(LN(x))</c>, lambda a small trained vector.
    /// </summary>
    LayerScale,

    /// <summary>
    /// <see cref="SkipInitResidual"/>: <c>x = x + alpha * f(x)</c>, alpha of each sublayer trained from 0.
    /// </summary>
    SkipInit,

    /// <summary>
    /// <see cref="TFixupResidual"/>: <c>x = x + f(x)</c>, no normalization, initial weights scaled by depth.
    /// </summary>
    TFixup,

    /// <summary><see cref="DepthScaledResidual"/> with 1/2: <c>x = x + f(LN(x)) / sqrt(N)</c>, N the layers.</summary>
    DepthMup,

    /// <summary><see cref="DepthScaledResidual"/> with 1: <c>x = x + f(LN(x)) / N</c>.</summary>
    CompleteP,

    /// <summary>
    /// <see cref="SpanNormResidual"/>: Post-LN whose last sublayer of a layer has the layer's input as its shortcut.
    /// </summary>
    SpanNorm,

    /// <summary>
    /// <see cref="SiameseNormResidual"/>: a Post-LN stream and a Pre-LN stream, which branches read together.
    /// </summary>
    SiameseNorm,

    /// <summary>
    /// <see cref="SubLnResidual"/>: Pre-LN with one more normalization before the last matrix of each branch.
    /// </summary>
    SubLn,

    /// <summary>
    /// <see cref="HybridNormResidual"/>: queries, keys and values normalized, and the sum before the feed-forward
    /// network.
    /// </summary>
    HybridNorm,

    /// <summary>
    /// <see cref="DlclResidual"/>: Pre-LN whose layers read weighted sums of the outputs of all layers before them.
    /// </summary>
    Dlcl,

    /// <summary><see cref="DlclResidual"/> on Post-LN, the sums normalized.</summary>
    DlclPostLn,

    /// <summary>
    /// <see cref="HyperConnectionResidual"/>: four streams, of which branches read weighted sums, and which are mixed.
    /// </summary>
    HyperConnections,

    /// <summary><see cref="HyperConnectionResidual"/> whose mixes are doubly stochastic.</summary>
    Mhc,

    /// <summary><see cref="HybridNormResidual"/> whose first layer normalizes what its branches read.</summary>
    HybridNormStar,
}
