using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>
/// The family of connections that normalise the sum: <c>LN(x * s + f(x) * b)</c>, where the variants differ in the
/// scale s of the shortcut and the scale b of the branch. Each can be folded into plain Post-LN, where both are 1.
/// </summary>
public abstract class PostNormResidual : ResidualConnection
{
    /// <summary>
    /// A connection with a layer normalisation (eps 1e-5, biased variance) or another normalisation in its place.
    /// </summary>
    protected PostNormResidual(string name, int dim, nn.Module<Tensor, Tensor>? norm)
        : base(name, dim)
    {
        Norm = norm ?? nn.LayerNorm(dim);
        register_module("norm", Norm);
    }

    /// <summary>
    /// What the sum goes through: <c>LN(x) = (x - mean) / sqrt(var + eps) * weight + bias</c> unless another was given.
    /// </summary>
    public nn.Module<Tensor, Tensor> Norm { get; }

    /// <summary>
    /// Whether the connection computes <c>LN(x * s + f(x))</c> now and nothing besides, so that somebody who holds s
    /// may compute it in one pass, and then tells the <see cref="ResidualConnection.Observer"/>; s is a tensor
    /// <c>[dim]</c>, or null for 1.
    /// </summary>
    public virtual bool IsScaledSum(out Tensor? scale)
    {
        scale = null;
        return false;
    }

    /// <summary>The scale of the shortcut, one value a channel.</summary>
    public virtual double[] ShortcutScale() => Repeated(1);

    /// <summary>The scale of the branch's output.</summary>
    public virtual double BranchScale() => 1;

    /// <inheritdoc/>
    protected sealed override Tensor CombineCore(Tensor shortcut, Tensor branch)
    {
        using var sum = Sum(shortcut, branch);
        return Norm.forward(sum);
    }

    /// <summary><c>x * s + f * b</c>, a tensor of its own.</summary>
    protected abstract Tensor Sum(Tensor shortcut, Tensor branch);

    /// <summary>One value for all channels.</summary>
    protected double[] Repeated(double value)
    {
        var scale = new double[Dim];
        Array.Fill(scale, value);
        return scale;
    }
}
