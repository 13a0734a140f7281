using TransformerClinic.Model;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>The last result of the authors' repository: Admin trains at 100+100 layers.</summary>
internal sealed class DeepestStudy : TrainingStudy
{
    private const int Layers = 100;
    private static readonly ResidualVariant[] Variants = [ResidualVariant.PostLn, ResidualVariant.Admin];

    /// <inheritdoc/>
    public override StudyDescription Description =>
        new()
        {
            Id = "hundred-layers",
            Title = "Training at 100+100 layers",
            Place = "Transformer-Clinic, README (\"200L\"); Liu et al. 2022, admin-torch 0.1",
            Claim = "Admin trains at 100+100 layers, 500 sublayers, where Post-LN does not.",
            Criterion =
                "With every seed Admin trains and Post-LN, with the same initial weights and data, fails. " + Failing,
            Paper = "Admin with 100+100 layers trains on WMT'14 En-De without tuning; 29.65 BLEU with admin-torch.",
            Minutes = 4,
            Hours = 4,
        };

    internal override IReadOnlyList<StudyCell> Cells(StudyBudget budget)
    {
        var recipe = ReversalRecipe.Of(budget);
        var slow = recipe with { Schedule = recipe.Schedule with { LearningRate = 1e-3 } };
        var seeds = StudyWords.Seeds(budget == StudyBudget.Minutes ? 1 : 3);
        return
        [
            .. Variants.Select(variant => Cell(variant.Name(), "", seeds, seed => slow.Train(variant, Layers, seed))),
        ];
    }

    internal override StudyFindings Judge(IReadOnlyList<TrainedCell> cells) =>
        new(
            [cells[1].Trains(), cells[0].Fails()],
            string.Join("; ", cells.Select(cell => $"{cell.Label} {cell.Ending}")) + ".",
            [],
            []
        )
        {
            Values =
            [
                new("Admin, 100+100 layers", "trains", cells[1].Ending),
                new("Post-LN, 100+100 layers", "not tried; fails from 12+12 on", cells[0].Ending),
            ],
            Drawings = [Curves(Description.Id, "Training at 100+100 layers", ReversalRecipe.Guessing(cells), cells)],
            Remarks =
                "The learning rate is a third of that in our studies with 18 layers, chosen before the run; the "
                + "authors keep theirs at width 512.",
        };
}
