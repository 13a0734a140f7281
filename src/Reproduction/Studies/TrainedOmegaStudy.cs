using TransformerClinic.Model;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>Whether it matters that omega is trained.</summary>
internal sealed class TrainedOmegaStudy : TrainingStudy
{
    private const double Alike = 0.1;

    /// <inheritdoc/>
    public override StudyDescription Description =>
        new()
        {
            Id = "fixed-omega",
            Title = "Fixed against trained omega at 6+6 layers",
            Place =
                "issue 7 of Transformer-Clinic; Liu et al. 2022, admin-torch 0.1; contradicting it, Liu et al. 2020 "
                + "(2008.07772), whose text keeps omega fixed and whose code trains it",
            Claim = "It makes almost no difference whether omega is trained or stays as it was set.",
            Criterion =
                "With analytic Admin, O(log n), the held-out loss of a trained omega, one value per channel, and "
                + "that of a constant one differ by less than 0.1 nats (means over seeds), and both train with "
                + "every seed. "
                + Failing,
            Paper =
                "\"It leads to almost the same performance\" (issue 7, no numbers); admin-torch on WMT'14 En-De, "
                + "constant and trained: 27.83 and 27.84 at 6+6, 28.78 and 28.91 at 18+18 layers.",
            Minutes = 2,
            Hours = 3,
        };

    internal override IReadOnlyList<StudyCell> Cells(StudyBudget budget)
    {
        var recipe = SixLayerRecipe.Of(budget);
        ModelOptions Analytic(AnalyticOptions analytic)
        {
            var model = SmallTraining.Narrow(ResidualVariant.AdminAnalytic, SixLayerRecipe.Layers, recipe.Dim);
            return model with
            {
                Encoder = model.Encoder with { Analytic = analytic },
                Decoder = model.Decoder with { Analytic = analytic },
            };
        }

        return
        [
            Cell(
                ResidualVariant.AdminAnalytic.Name(),
                "constant omega",
                SixLayerRecipe.Seeds,
                seed => recipe.Train(Analytic(new()), seed)
            ),
            Cell(
                ResidualVariant.AdminAnalytic.Name(),
                "trained omega",
                SixLayerRecipe.Seeds,
                seed => recipe.Train(Analytic(new() { Shape = OmegaShape.Vector, Trainable = true }), seed)
            ),
            Cell(
                ResidualVariant.Admin.Name(),
                "profiled and trained omega",
                SixLayerRecipe.Seeds,
                seed => recipe.Train(ResidualVariant.Admin, SixLayerRecipe.Layers, seed)
            ),
        ];
    }

    internal override StudyFindings Judge(IReadOnlyList<TrainedCell> cells)
    {
        var (constant, trained) = (cells[0], cells[1]);
        return new StudyFindings(
            [
                constant.Trains(),
                trained.Trains(),
                Condition.Below(
                    "difference of the held-out losses of constant and trained omega",
                    Math.Abs(constant.Nll - trained.Nll),
                    Alike
                ),
            ],
            "Held-out nll: "
                + $"{string.Join(", ", cells.Select(cell => $"{cell.Label} {StudyWords.Fixed(cell.Nll, 3)}"))}.",
            [],
            []
        )
        {
            Values =
            [
                new("constant omega, 6+6 layers", "27.83 BLEU", constant.Ending),
                new("trained omega, 6+6 layers", "27.84 BLEU", trained.Ending),
                new("Admin, profiled", "27.90 BLEU", cells[2].Ending),
            ],
            Drawings = [Curves(Description.Id, "Constant and trained omega, 6+6 layers", "Mean over seeds.", cells)],
            Remarks = "Profiled Admin, whose omega is always trained here, is included without a condition.",
        };
    }
}
