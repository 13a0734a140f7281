using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary><c>x_i = x_{i-1} + f_i(LN(x_{i-1}))</c>; the stack ends with one more normalization.</summary>
public sealed class PreLnResidual : ResidualConnection
{
    /// <summary>
    /// A connection with the given normalization, or a layer normalization (eps 1e-5, biased variance).
    /// </summary>
    public PreLnResidual(int dim, nn.Module<Tensor, Tensor>? norm = null)
        : base(nameof(PreLnResidual), dim)
    {
        Norm = norm ?? nn.LayerNorm(dim);
        register_module("norm", Norm);
        Form = new ResidualForm { Before = new ScaledNorm(Norm) };
    }

    /// <summary>What the branch's input goes through.</summary>
    public nn.Module<Tensor, Tensor> Norm { get; }

    /// <inheritdoc/>
    public override bool StackNeedsFinalNorm => true;
}
