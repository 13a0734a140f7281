using TransformerClinic.Model;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Studies.Remedies;

/// <summary>
/// The axis on which Post-LN, DeepNorm, Admin's O(1) and Keel are points: the shortcut times a power of the number of
/// sublayers.
/// </summary>
internal sealed class AxisStudy : TrainingStudy
{
    private const int Layers = 18;
    private static readonly (double Power, bool InnerNorm, string Name)[] Points =
    [
        (0, false, "p = 0"),
        (0.25, false, "p = 1/4"),
        (0.5, false, "p = 1/2"),
        (1, false, "p = 1"),
        (0.25, true, "p = 1/4, inner norm"),
        (0.5, true, "p = 1/2, inner norm"),
        (1, true, "p = 1, inner norm"),
    ];

    /// <inheritdoc/>
    public override StudyDescription Description =>
        new()
        {
            Id = "axis",
            Title = "The shortcut times n^p, 18+18 layers",
            Place = "Liu et al. 2020, theorem 2; Wang et al. 2022 (DeepNorm); Chen and Wei 2026 (Keel)",
            Claim =
                "With the shortcut times n^p, n the sublayers of the stack, 18+18 layers fail at p = 0, which is "
                + "Post-LN, and train at p = 1/4, 1/2 and 1, with or without a normalization of what branches read.",
            Criterion = "p = 0 fails with every seed; every other point trains with every seed. " + Failing,
            Paper =
                "Not tested there as an axis. p = 1/4 is DeepNorm's alpha without its initial weights, p = 1/2 Admin "
                + "O(1), p = 1 with inner norm Keel without its exceptions in the first layer.",
            Minutes = 7,
            Hours = 8,
        };

    internal override IReadOnlyList<StudyCell> Cells(StudyBudget budget)
    {
        var recipe = ReversalRecipe.Of(budget);
        var seeds = StudyWords.Seeds(budget == StudyBudget.Minutes ? 2 : 5);
        return
        [
            .. Points.Select(point =>
                Cell(point.Name, "", seeds, seed => recipe.Train(Shape(point.Power, point.InnerNorm, recipe.Dim), seed))
            ),
        ];
    }

    internal override StudyFindings Judge(IReadOnlyList<TrainedCell> cells) =>
        new([cells[0].Fails(), .. cells.Skip(1).Select(cell => cell.Trains())], Ranking(cells), [], [])
        {
            Drawings =
            [
                Curves(Description.Id, "Training with the shortcut times n^p", ReversalRecipe.Guessing(cells), cells),
            ],
        };

    private static ModelOptions Shape(double power, bool innerNorm, int dim)
    {
        var model = SmallTraining.Narrow(ResidualVariant.AdminAnalytic, Layers, dim);
        var analytic = new AnalyticOptions
        {
            OutputChange = OutputChange.Power,
            Power = power,
            InnerNorm = innerNorm,
        };
        return model with
        {
            Encoder = model.Encoder with { Analytic = analytic },
            Decoder = model.Decoder with { Analytic = analytic },
        };
    }
}
