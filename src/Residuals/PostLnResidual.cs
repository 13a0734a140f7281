using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary><c>x_i = LN(x_{i-1} + f_i(x_{i-1}))</c>, the original Transformer (Vaswani et al. 2017).</summary>
public class PostLnResidual : PostNormResidual
{
    /// <summary>A connection with the given normalization, or a layer normalization.</summary>
    /// <param name="dim">Width of the residual stream.</param>
    /// <param name="norm">
    /// What the sum goes through; a layer normalization if null. One that is given keeps its device and type.
    /// </param>
    /// <param name="device">Where its parameters are; torch's default device if null.</param>
    /// <param name="dtype">Their type; torch's default type if null.</param>
    public PostLnResidual(
        long dim,
        nn.Module<Tensor, Tensor>? norm = null,
        Device? device = null,
        ScalarType? dtype = null
    )
        : this(nameof(PostLnResidual), dim, norm, device, dtype) { }

    private protected PostLnResidual(
        string name,
        long dim,
        nn.Module<Tensor, Tensor>? norm,
        Device? device,
        ScalarType? dtype
    )
        : base(name, dim, norm, device, dtype) => Form = NormalizedSum();
}
