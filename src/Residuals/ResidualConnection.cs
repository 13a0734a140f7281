using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>
/// How one sublayer's branch <c>f</c>, its shortcut <c>x</c> and its normalisation are put together. A sublayer is
/// <c>Combine(x, f(BranchInput(x)))</c>; every variant of the science is one type derived from this.
/// </summary>
/// <remarks>Tensors are <c>[..., dim]</c>.</remarks>
public abstract class ResidualConnection : nn.Module
{
    /// <summary>A connection over channels of the given width.</summary>
    protected ResidualConnection(string name, int dim)
        : base(name) => Dim = dim;

    /// <summary>Width of the residual stream.</summary>
    public int Dim { get; }

    /// <summary>What the branch reads: <c>LN(x)</c> for Pre-LN, <c>x</c> itself for the others.</summary>
    public virtual Tensor BranchInput(Tensor x) => x;

    /// <summary>The sublayer's output from its shortcut <c>x</c> and its branch's output <c>f</c> (after dropout).</summary>
    public abstract Tensor Combine(Tensor shortcut, Tensor branch);

    /// <summary>The sublayer's output for <c>x</c> with the branch <c>f</c>: <c>Combine(x, f(BranchInput(x)))</c>.</summary>
    public Tensor Connect(Tensor x, Func<Tensor, Tensor> branch)
    {
        ArgumentNullException.ThrowIfNull(branch);
        return Combine(x, branch(BranchInput(x)));
    }

    /// <summary>Whether a stack of these needs one more normalisation at its end, as Pre-LN does.</summary>
    public virtual bool StackNeedsFinalNorm => false;

    /// <summary>How the matrices of a branch at this connection are drawn.</summary>
    public virtual BranchInitialization BranchInitialization => BranchInitialization.Standard;
}
