using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary><c>x_i = x_{i-1} + f_i(LN(x_{i-1}))</c>; the stack ends with one more normalization.</summary>
public sealed class PreLnResidual : ResidualConnection
{
    /// <summary>
    /// A connection with the given normalization, or a layer normalization (eps 1e-5, biased variance).
    /// </summary>
    /// <param name="dim">Width of the residual stream.</param>
    /// <param name="norm">
    /// What the branch's input goes through; a layer normalization if null. One that is given keeps its device and
    /// type.
    /// </param>
    /// <param name="device">Where its parameters are; torch's default device if null.</param>
    /// <param name="dtype">Their type; torch's default type if null.</param>
    public PreLnResidual(
        long dim,
        nn.Module<Tensor, Tensor>? norm = null,
        Device? device = null,
        ScalarType? dtype = null
    )
        : base(nameof(PreLnResidual), dim)
    {
        Norm = norm ?? nn.LayerNorm(dim, device: device, dtype: dtype);
        register_module("norm", Norm);
        Form = new ResidualForm { Before = new ScaledNorm(Norm) };
    }

    /// <summary>What the branch's input goes through.</summary>
    public nn.Module<Tensor, Tensor> Norm { get; }

    /// <inheritdoc/>
    public override bool StackNeedsFinalNorm => true;
}
