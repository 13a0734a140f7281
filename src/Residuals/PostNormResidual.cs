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
    /// <param name="name">The module's name, that of its type.</param>
    /// <param name="dim">Width of the residual stream.</param>
    /// <param name="norm">
    /// What the sum goes through; a layer normalization if null. One that is given keeps its device and type.
    /// </param>
    /// <param name="device">Where the layer normalization is; torch's default device if null.</param>
    /// <param name="dtype">The type of its parameters; torch's default type if null.</param>
    protected PostNormResidual(
        string name,
        long dim,
        nn.Module<Tensor, Tensor>? norm = null,
        Device? device = null,
        ScalarType? dtype = null
    )
        : base(name, dim)
    {
        Norm = norm ?? nn.LayerNorm(dim, device: device, dtype: dtype);
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
