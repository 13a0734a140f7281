using System.Globalization;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>
/// Admin as the paper prints it: <c>omega_i = sqrt(sum_{j &lt; i} Var[f_j(x_{j-1})])</c>, the variances measured in the
/// network with all omegas at 1 (Liu et al. 2020, section 4.3). For study: the empty sum makes omega_1 zero, so that
/// the first connection of a stack drops the embedding. <see cref="AdminResidual"/> is what the authors' code does.
/// </summary>
/// <param name="dim">Width of the residual stream.</param>
/// <param name="norm">
/// What the sum goes through; a layer normalization if null. One that is given keeps its device and type.
/// </param>
/// <param name="device">Where its parameters are; torch's default device if null.</param>
/// <param name="dtype">Their type; torch's default type if null.</param>
public sealed class AdminFormulaResidual(
    long dim,
    nn.Module<Tensor, Tensor>? norm = null,
    Device? device = null,
    ScalarType? dtype = null
) : AdminResidual(nameof(AdminFormulaResidual), dim, frozen: false, norm, device, dtype)
{
    internal override double OmegaDuringPass(ChainPosition position) => 1;

    internal override OmegaSetting OmegaAfterPass(ChainPosition position) =>
        new(
            Math.Sqrt(position.BranchVariancesBefore),
            position.IsFirst
                ? "The sum over no earlier branch is 0: the printed formula drops the embedding."
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"sqrt of the branches' variances before, {position.BranchVariancesBefore:0.0000} in sum, with "
                        + $"every omega at 1."
                )
        );
}
