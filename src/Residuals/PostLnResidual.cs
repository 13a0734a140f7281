using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary><c>x_i = LN(x_{i-1} + f_i(x_{i-1}))</c>, the original Transformer (Vaswani et al. 2017).</summary>
public sealed class PostLnResidual(int dim) : ResidualConnection(nameof(PostLnResidual), dim)
{
    /// <inheritdoc/>
    public override Tensor BranchInput(Tensor x) => x;

    /// <inheritdoc/>
    public override Tensor Combine(Tensor shortcut, Tensor branch)
    {
        using var sum = shortcut + branch;
        return Norm.forward(sum);
    }
}
