namespace TransformerClinic.Residuals.Remedies;

/// <summary>
/// <c>x_i = LN(x_{i-1} + f_i(x_{i-1}))</c> in the first <c>floor(N/4)</c> layers of N, <c>x_i = x_{i-1} +
/// f_i(LN(x_{i-1}))</c> in the others, and one more normalization at the end of the stack (Li et al. 2025, "Mix-LN").
/// </summary>
/// <remarks>
/// The paper is about decoder-only models; a quarter of each stack, counted by itself, is our extension. The
/// embedding's initial weights, which differ between the authors' repositories, are those of all variants here.
/// </remarks>
public sealed class MixLnResidual : ResidualConnection
{
    private const int Share = 4;

    /// <summary>The connection of a place.</summary>
    public MixLnResidual(ResidualPlace place)
        : base(nameof(MixLnResidual), Width(place))
    {
        var norm = place.CreateNorm();
        register_module("norm", norm);
        Form =
            place.Layer < place.Stack.Layers / Share
                ? new ResidualForm { After = new ScaledNorm(norm) }
                : new ResidualForm { Before = new ScaledNorm(norm) };
    }

    /// <inheritdoc/>
    public override bool StackNeedsFinalNorm => true;

    /// <inheritdoc/>
    public override bool IsScaledForDepth => true;
}
