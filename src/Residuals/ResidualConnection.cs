using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>
/// How one sublayer's branch <c>f</c>, its shortcut <c>x</c> and its layer normalisation are put together. A sublayer is
/// <c>Combine(x, f(BranchInput(x)))</c>; every variant of the science is one type derived from this.
/// </summary>
/// <remarks>Tensors are <c>[..., dim]</c>; layer normalisation has eps 1e-5 and the biased variance, as the reference.</remarks>
public abstract class ResidualConnection : nn.Module
{
    /// <summary>A connection over channels of the given width.</summary>
    protected ResidualConnection(string name, int dim)
        : base(name)
    {
        Dim = dim;
        Norm = nn.LayerNorm(dim);
        register_module("norm", Norm);
    }

    /// <summary>Width of the residual stream.</summary>
    public int Dim { get; }

    /// <summary>The sublayer's layer normalisation, <c>LN(x) = (x - mean) / sqrt(var + eps) * weight + bias</c>.</summary>
    protected TorchSharp.Modules.LayerNorm Norm { get; }

    /// <summary>What the branch reads: <c>LN(x)</c> for Pre-LN, <c>x</c> itself for the others.</summary>
    public abstract Tensor BranchInput(Tensor x);

    /// <summary>The sublayer's output from its shortcut <c>x</c> and its branch's output <c>f</c> (after dropout).</summary>
    public abstract Tensor Combine(Tensor shortcut, Tensor branch);

    /// <summary>Whether a stack of these needs one more normalisation at its end, as Pre-LN does.</summary>
    public virtual bool StackNeedsFinalNorm => false;

    /// <summary>A connection of the given variant.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The variant is not a known one.</exception>
    public static ResidualConnection Create(ResidualVariant variant, int dim) => variant switch
    {
        ResidualVariant.PostLn => new PostLnResidual(dim),
        ResidualVariant.PreLn => new PreLnResidual(dim),
        ResidualVariant.Admin => new AdminResidual(dim),
        _ => throw new ArgumentOutOfRangeException(nameof(variant), variant, "This residual variant is not known."),
    };
}
