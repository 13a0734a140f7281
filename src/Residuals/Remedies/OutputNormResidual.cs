namespace TransformerClinic.Residuals.Remedies;

/// <summary>
/// <c>x_i = x_{i-1} + LN(f_i(x_{i-1}))</c>, and one more normalization at the end of the stack (OLMo 2's "reordered
/// norm", OLMo team 2024).
/// </summary>
/// <remarks>
/// OLMo 2 normalizes queries and keys as well, draws all weights from <c>N(0, 0.02^2)</c> and has RMS normalizations
/// (<see cref="NormKind"/>); this is its connection only. Encoders with decoders are our extension.
/// </remarks>
public sealed class OutputNormResidual : ResidualConnection
{
    /// <summary>The connection of a place.</summary>
    public OutputNormResidual(ResidualPlace place)
        : base(nameof(OutputNormResidual), Width(place))
    {
        var norm = place.CreateNorm();
        register_module("norm", norm);
        Form = new ResidualForm { Inner = new ScaledNorm(norm) };
    }

    /// <inheritdoc/>
    public override bool StackNeedsFinalNorm => true;
}
