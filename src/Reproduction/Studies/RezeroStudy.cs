using TransformerClinic.Model;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>Appendix E: ReZero, with and without Post-LN, ends behind Admin.</summary>
internal sealed class RezeroStudy : TrainingStudy
{
    private static readonly ResidualVariant[] Variants =
    [
        ResidualVariant.Admin,
        ResidualVariant.Rezero,
        ResidualVariant.RezeroPostLn,
    ];

    /// <inheritdoc/>
    public override StudyDescription Description =>
        new()
        {
            Id = "rezero",
            Title = "ReZero against Admin at 6+6 layers",
            Place = "Liu et al. 2020, appendix E",
            Claim = "ReZero and ReZero with Post-LN train at 6+6 layers but end above Admin.",
            Criterion =
                "All train with every seed, and Admin's held-out loss ends below that of ReZero and of ReZero with "
                + "Post-LN with every seed, comparing the same seeds. "
                + Failing,
            Paper =
                "IWSLT'14 De-En: ReZero 33.67, ReZero with Post-LN 34.67, against about 35.65 for the others (the "
                + "repository's comments agree).",
            Minutes = 2,
            Hours = 3,
        };

    internal override IReadOnlyList<StudyCell> Cells(StudyBudget budget) => SixLayerRecipe.Cells(budget, Variants);

    internal override StudyFindings Judge(IReadOnlyList<TrainedCell> cells)
    {
        var (admin, rezero, rezeroPostLn) = (cells[0], cells[1], cells[2]);
        return new StudyFindings(
            [.. cells.Select(cell => cell.Trains()), admin.EndsBelow(rezero), admin.EndsBelow(rezeroPostLn)],
            Ranking(cells),
            [],
            []
        )
        {
            Values =
            [
                new(ResidualVariant.Admin.Name(), "35.67 BLEU", admin.Ending),
                new(ResidualVariant.Rezero.Name(), "33.67 BLEU", rezero.Ending),
                new(ResidualVariant.RezeroPostLn.Name(), "34.67 BLEU", rezeroPostLn.Ending),
            ],
            Drawings = [Curves(Description.Id, "ReZero and Admin at 6+6 layers", "Mean over seeds.", cells)],
            Remarks =
                "The paper compares models trained to the end, ours after a few hundred updates. On an AMD EPYC "
                + "Admin ended below both with every seed, and the claim held.",
        };
    }
}
