namespace TransformerClinic.Residuals.Remedies;

/// <summary>
/// <c>x_i = x_{i-1} + LN(f_i(LN(x_{i-1})))</c> with <c>x_0 = LN(embedding)</c>, and one more normalization at the end
/// of the stack (Kim et al. 2025, "Peri-LN"): <see cref="SandwichLnResidual"/> whose stack's input is normalized, too.
/// </summary>
/// <param name="place">The place.</param>
public sealed class PeriLnResidual(ResidualPlace place) : SandwichLnResidual(nameof(PeriLnResidual), place)
{
    /// <inheritdoc/>
    public override bool StackNeedsInputNorm => true;
}
