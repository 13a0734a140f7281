using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>
/// The family of connections that normalize the sum: <c>LN(x * s + f(x) * b)</c>, where the variants differ in the
/// scale s of the shortcut and the scale b of the branch. Each can be folded into plain Post-LN, where both are 1.
/// </summary>
public abstract class PostNormResidual : ResidualConnection
{
    /// <summary>
    /// A connection with a layer normalization (eps 1e-5, biased variance) or another normalization in its place.
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

    /// <summary>The scale of the shortcut as it is now, one value per channel.</summary>
    public double[] ShortcutScale() => Form!.Shortcut.Values(Dim);

    /// <summary><c>LN(x * s + f(x) * b)</c></summary>
    protected ResidualForm NormalizedSum(ResidualScale? shortcut = null, ResidualScale? branch = null) =>
        new()
        {
            Shortcut = shortcut ?? ResidualScale.One,
            Branch = branch ?? ResidualScale.One,
            After = new ScaledNorm(Norm),
        };
}
