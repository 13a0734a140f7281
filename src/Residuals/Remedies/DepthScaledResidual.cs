namespace TransformerClinic.Residuals.Remedies;

/// <summary>
/// <c>x_i = x_{i-1} + N^(-a) f_i(LN(x_{i-1}))</c>, N the layers of the stack: the residual factor of depth-muP with
/// <c>a = 1/2</c> (Yang et al. 2023), that of CompleteP with <c>a = 1</c> (Dey et al. 2025).
/// </summary>
/// <remarks>
/// Only the factor: both methods also choose learning rates, epsilon and weight decay of each group of parameters by
/// width and depth, which is not part of a connection. Counting the layers of encoder and decoder each by themselves,
/// and cross-attention, are our extension.
/// </remarks>
public sealed class DepthScaledResidual : ResidualConnection
{
    /// <summary>The connection of a place.</summary>
    /// <param name="place">The place.</param>
    /// <param name="exponent">a.</param>
    public DepthScaledResidual(ResidualPlace place, double exponent)
        : base(nameof(DepthScaledResidual), Width(place))
    {
        var norm = place.CreateNorm();
        register_module("norm", norm);
        Form = new ResidualForm
        {
            Before = new ScaledNorm(norm),
            Branch = ResidualScale.Of(Math.Pow(place.Stack.Layers, -exponent)),
        };
    }

    /// <inheritdoc/>
    public override bool IsScaledForDepth => true;

    /// <inheritdoc/>
    public override bool StackNeedsFinalNorm => true;
}
