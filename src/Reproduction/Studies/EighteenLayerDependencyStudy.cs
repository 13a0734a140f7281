using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>Figure 8: Admin against Pre-LN at 18 layers.</summary>
internal sealed class EighteenLayerDependencyStudy : DependencyStudy
{
    /// <inheritdoc/>
    public override StudyDescription Description =>
        new()
        {
            Id = "fig8",
            Title = "Residual dependency at 18 layers, before and after training",
            Place = "Liu et al. 2020, figure 8",
            Claim =
                "Admin starts with the dependency of Pre-LN, which falls as 1 / sqrt(i), and depends more on its "
                + "branches after training than Pre-LN does.",
            Criterion =
                "Before training: beta[i][i] of Admin and Pre-LN differ by less than 0.03 on average over sublayers "
                + "2 to 36, and the mean of Admin's over sublayers 25 to 36 is within 25 % of 0.18, the mean of "
                + "1 / sqrt(i). After training (undecided if a model does not end 0.5 nats below word "
                + "frequencies): that mean has grown more in Admin than in Pre-LN, and is larger in Admin.",
            Paper =
                "Mean of beta[i][i] over sublayers 25 to 36: Admin 0.18 before and 0.35 after 100 epochs, Pre-LN "
                + "0.18 before and 0.24 after. \"Admin stabilizes model training by avoiding over-large "
                + "dependencies\".",
            Minutes = 2,
            Hours = 3,
        };

    /// <inheritdoc/>
    protected override ResidualVariant First => ResidualVariant.Admin;

    /// <inheritdoc/>
    protected override int Layers => 18;

    /// <inheritdoc/>
    protected override double Highest => 0.4;

    /// <inheritdoc/>
    protected override int Upper => 12;

    /// <inheritdoc/>
    protected override StudyFindings Judge(Measured first, Measured preLn)
    {
        var (admin, pre) = (MeanOfUpper(first.Before), MeanOfUpper(preLn.Before));
        var (adminAfter, preAfter) = (MeanOfUpper(first.After), MeanOfUpper(preLn.After));
        var apart = first
            .Before.Diagonal.Zip(preLn.Before.Diagonal, (one, other) => Math.Abs(one - other))
            .Skip(1)
            .Average();
        return new StudyFindings(
            [
                Condition.Below("before: mean difference of beta[i][i], Admin and Pre-LN", apart, 0.03),
                Condition.Between("before: Admin, sublayers 25 to 36, over 0.18", admin / 0.18, 0.75, 1.25),
                IfTrained(
                    Condition.Above("growth in Admin over growth in Pre-LN", adminAfter / admin / (preAfter / pre), 1),
                    first,
                    preLn
                ),
                IfTrained(Condition.Above("after: Admin over Pre-LN", adminAfter / preAfter, 1), first, preLn),
            ],
            $"Over sublayers 25 to 36 Admin depends {StudyWords.Fixed(admin)} on its newest branch before training "
                + $"and {StudyWords.Fixed(adminAfter)} after, Pre-LN {StudyWords.Fixed(pre)} and "
                + $"{StudyWords.Fixed(preAfter)}.",
            [],
            []
        )
        {
            Values =
            [
                new("Admin before, mean beta[i][i] of sublayers 25 to 36", "0.18", StudyWords.Fixed(admin)),
                new("Admin after", "0.35", StudyWords.Fixed(adminAfter)),
                new("Pre-LN before", "0.18", StudyWords.Fixed(pre)),
                new("Pre-LN after", "0.24", StudyWords.Fixed(preAfter)),
            ],
            Remarks =
                "The paper's 18+18-layer models are trained for 100 epochs on WMT'14 at dimension 512, ours for a "
                + $"few epochs on the help text. {Describe(first)}; {Describe(preLn)}. "
                + $"{DescribeCorrelation(first, preLn)}",
        };
    }
}
