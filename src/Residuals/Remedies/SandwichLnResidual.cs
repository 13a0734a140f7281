namespace TransformerClinic.Residuals.Remedies;

/// <summary>
/// <c>x_i = x_{i-1} + LN(f_i(LN(x_{i-1})))</c>, and one more normalization at the end of the stack (Ding et al. 2021,
/// CogView's "Sandwich-LN"; Gemma 2 and 3).
/// </summary>
/// <remarks>The methods are for decoder-only models; encoders with decoders are our extension.</remarks>
public class SandwichLnResidual : ResidualConnection
{
    /// <summary>The connection of a place.</summary>
    public SandwichLnResidual(ResidualPlace place)
        : this(nameof(SandwichLnResidual), place) { }

    private protected SandwichLnResidual(string name, ResidualPlace place)
        : base(name, Width(place))
    {
        var (before, inner) = (place.CreateNorm(), place.CreateNorm());
        register_module("before", before);
        register_module("inner", inner);
        Form = new ResidualForm { Before = new ScaledNorm(before), Inner = new ScaledNorm(inner) };
    }

    /// <inheritdoc/>
    public override bool StackNeedsFinalNorm => true;
}
