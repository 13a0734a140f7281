namespace TransformerClinic.Residuals.Remedies;

/// <summary>
/// <c>p_i = LN(p_{i-1} + f_i(LN(p_{i-1} + LN(u_{i-1}))) / c)</c> and next to it <c>u_i = u_{i-1} + f_i</c>, <c>p_0 =
/// LN(u_0)</c>, <c>c = sqrt(2 l)</c> in the layer l from 1: a Post-LN stream p and a Pre-LN stream u, which branches
/// read together (Li et al. 2026, "SiameseNorm"). The stack's output is <c>LN(p_n + LN(u_n))</c>.
/// </summary>
/// <remarks>
/// As in the authors' code, which has p's normalization at the beginning of the next sublayer, where it is the same.
/// The notes on the paper print <c>1 / sqrt(l + 1)</c> for 1/c, and leave out the last normalization. The method is for
/// decoder-only models and image models; counting the layers of encoder and decoder each by themselves, with
/// cross-attention as one more sublayer of its layer, is our extension.
/// </remarks>
public sealed class SiameseNormResidual : SummedBranchesResidual
{
    /// <summary>The connection of a place.</summary>
    public SiameseNormResidual(ResidualPlace place)
        : base(nameof(SiameseNormResidual), place, FormOf(place))
    {
        var (form, sum) = (Form!, Form!.Sum!);
        foreach (
            var (name, norm) in new[]
            {
                ("entry", sum.Entry),
                ("read", sum.Read),
                ("before", form.Before),
                ("norm", form.After),
                ("end", sum.End),
            }
        )
        {
            if (norm is not null)
            {
                register_module(name, norm.Module);
            }
        }
    }

    /// <inheritdoc/>
    public override bool StackNeedsFinalNorm => true;

    private static ResidualForm FormOf(ResidualPlace place)
    {
        ArgumentNullException.ThrowIfNull(place);
        ScaledNorm Norm() => new(place.CreateNorm());
        var c = Math.Sqrt(2 * (place.Layer + 1));
        return new ResidualForm
        {
            Before = Norm(),
            After = Norm(),
            Branch = ResidualScale.Of(1 / c),
            Sum = new BranchSum(c, place.IsLastOfStack ? Norm() : null)
            {
                Start = 1,
                Entry = place.Index == 0 ? Norm() : null,
                Read = Norm(),
            },
            OnePass = false,
        };
    }
}
