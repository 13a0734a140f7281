using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>
/// <c>x_i = LN(x_{i-1} + f_i(x_{i-1}))</c>, Post-LN whose feed-forward branches are drawn mirrored (look-linear
/// initialization, Balduzzi et al. 2017, as the authors' code has it): the lower half of W_1 is minus the upper, the
/// right half of W_2 minus the left, so that <c>FFN(x) = relu(Ax)B - relu(-Ax)B = AxB</c> is linear at the start.
/// </summary>
/// <param name="dim">Width of the residual stream.</param>
/// <param name="norm">
/// What the sum goes through; a layer normalization if null. One that is given keeps its device and type.
/// </param>
/// <param name="device">Where its parameters are; torch's default device if null.</param>
/// <param name="dtype">Their type; torch's default type if null.</param>
public sealed class LookLinearResidual(
    long dim,
    nn.Module<Tensor, Tensor>? norm = null,
    Device? device = null,
    ScalarType? dtype = null
) : PostLnResidual(nameof(LookLinearResidual), dim, norm, device, dtype)
{
    /// <inheritdoc/>
    public override BranchInitialization BranchInitialization =>
        BranchInitialization.Standard with
        {
            MirroredFeedForward = true,
        };
}
