using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary><c>x_i = x_{i-1} + f_i(LN(x_{i-1}))</c>; the stack ends with one more normalisation.</summary>
public sealed class PreLnResidual(int dim) : ResidualConnection(nameof(PreLnResidual), dim)
{
    /// <inheritdoc/>
    public override bool StackNeedsFinalNorm => true;

    /// <inheritdoc/>
    public override Tensor BranchInput(Tensor x) => Norm.forward(x);

    /// <inheritdoc/>
    public override Tensor Combine(Tensor shortcut, Tensor branch) => shortcut + branch;
}
