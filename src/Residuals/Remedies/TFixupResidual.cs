namespace TransformerClinic.Residuals.Remedies;

/// <summary>
/// <c>x_i = x_{i-1} + f_i(x_{i-1})</c> without any normalization and without warm-up; what keeps it stable are its
/// initial weights (Huang et al. 2020, "T-Fixup"): <see cref="InitialWeights.TFixup"/>.
/// </summary>
public sealed class TFixupResidual : ResidualConnection
{
    private readonly StackShape _stack;

    /// <summary>The connection of a place.</summary>
    public TFixupResidual(ResidualPlace place)
        : base(nameof(TFixupResidual), Width(place)) => (_stack, Form) = (place.Stack, new ResidualForm());

    /// <inheritdoc/>
    public override bool IsScaledForDepth => true;

    /// <inheritdoc/>
    public override BranchInitialization BranchInitialization => InitialWeightsOf.TFixup(_stack);
}
