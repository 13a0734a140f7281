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

    /// <summary>
    /// Looks on while the connection is applied: told its shortcut x, its branch's output f (after dropout) and the
    /// sublayer's output, each <c>[..., dim]</c>. The tensors are the pass's own: they must not be changed, and what is
    /// to outlive the call must be copied. Null at first, which costs nothing.
    /// </summary>
    public Action<Tensor, Tensor, Tensor>? Observer { get; set; }

    /// <summary>
    /// The sublayer's output from its shortcut <c>x</c> and its branch's output <c>f</c> (after dropout).
    /// </summary>
    public Tensor Combine(Tensor shortcut, Tensor branch)
    {
        var output = CombineCore(shortcut, branch);
        Observer?.Invoke(shortcut, branch, output);
        return output;
    }

    /// <summary>
    /// The sublayer's output for <c>x</c> with the branch <c>f</c>: <c>Combine(x, f(BranchInput(x)))</c>.
    /// </summary>
    public Tensor Connect(Tensor x, Func<Tensor, Tensor> branch)
    {
        ArgumentNullException.ThrowIfNull(branch);
        return Combine(x, branch(BranchInput(x)));
    }

    /// <summary>What <see cref="Combine"/> computes, by the variant's equation; a tensor of its own.</summary>
    protected abstract Tensor CombineCore(Tensor shortcut, Tensor branch);

    /// <summary>Whether a stack of these needs one more normalisation at its end, as Pre-LN does.</summary>
    public virtual bool StackNeedsFinalNorm => false;

    /// <summary>How the matrices of a branch at this connection are drawn.</summary>
    public virtual BranchInitialization BranchInitialization => BranchInitialization.Standard;
}
