using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary><c>x_i = LN(x_{i-1} + f_i(x_{i-1}))</c>, the original Transformer (Vaswani et al. 2017).</summary>
public class PostLnResidual : PostNormResidual
{
    /// <summary>A connection with the given normalization, or a layer normalization.</summary>
    public PostLnResidual(int dim, nn.Module<Tensor, Tensor>? norm = null)
        : this(nameof(PostLnResidual), dim, norm) { }

    /// <summary>A connection of a derived type.</summary>
    protected PostLnResidual(string name, int dim, nn.Module<Tensor, Tensor>? norm)
        : base(name, dim, norm) => Form = NormalizedSum();
}
