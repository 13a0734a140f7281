using TransformerClinic.Model;
using TransformerClinic.Reports.Charts;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>The paper's text about table 1: a longer warm-up does not rescue deep Post-LN.</summary>
internal sealed class WarmUpStudy : TrainingStudy
{
    private const int Layers = 36;
    private static readonly int[] Factors = [1, 2, 3, 4];

    /// <inheritdoc/>
    public override StudyDescription Description =>
        new()
        {
            Id = "warm-up",
            Title = "Longer warm-up for 36+36 layers of Post-LN",
            Place = "Liu et al. 2020, section 3",
            Claim =
                "A warm-up of two, three and four times the length does not rescue Post-LN at a depth at which it "
                + "fails, while Admin trains with the shortest.",
            Criterion =
                "Post-LN of 36+36 layers fails with every seed at 1, 2, 3 and 4 times the warm-up, each followed by "
                + "the same number of updates of linear decay (undecided if it does not fail at the shortest: then "
                + "there is nothing to rescue); Admin trains with every seed at the shortest. "
                + Failing,
            Paper =
                "18-layer Post-LN fails with a warm-up of 8,000, 16,000, 24,000 and 32,000 updates. DeepNet (Wang "
                + "et al. 2022) contests it for other depths.",
            Minutes = 6,
            Hours = 5,
        };

    internal override IReadOnlyList<StudyCell> Cells(StudyBudget budget)
    {
        var recipe = ReversalRecipe.Of(budget);
        var seeds = StudyWords.Seeds(budget == StudyBudget.Minutes ? 1 : 3);
        var shortest = recipe.Schedule.WarmUpUpdates;
        return
        [
            .. Factors.Select(factor =>
            {
                var training = recipe with
                {
                    Updates = recipe.Updates + ((factor - 1) * shortest),
                    Schedule = recipe.Schedule with { WarmUpUpdates = factor * shortest },
                };
                return Cell(
                    ResidualVariant.PostLn.Name(),
                    $"warm-up {factor * shortest}",
                    seeds,
                    seed => training.Train(ResidualVariant.PostLn, Layers, seed)
                );
            }),
            Cell(
                ResidualVariant.Admin.Name(),
                $"warm-up {shortest}",
                seeds,
                seed => recipe.Train(ResidualVariant.Admin, Layers, seed)
            ),
        ];
    }

    internal override StudyFindings Judge(IReadOnlyList<TrainedCell> cells) =>
        new(
            [.. cells.SkipLast(1).Select(cell => cell.Fails().If(cells[0].AllFail)), cells[^1].Trains()],
            string.Join("; ", cells.Select(cell => $"{cell.Label} {cell.Ending}")) + ".",
            [],
            []
        )
        {
            Values =
            [
                .. cells.Select(
                    (cell, i) =>
                        new ComparedValue(
                            i < Factors.Length ? $"Post-LN, {Factors[i]} times the warm-up" : "Admin, shortest warm-up",
                            i < Factors.Length ? "fails" : "trains",
                            cell.Ending
                        )
                ),
            ],
            Drawings =
            [
                new LineDrawing(
                    Description.Id,
                    "Held-out loss against the length of warm-up, 36+36 layers",
                    ReversalRecipe.Guessing(cells),
                    "warm-up, updates",
                    "held-out nll, nats per target token",
                    [
                        Line(ResidualVariant.PostLn.Name(), cells.SkipLast(1), 0),
                        Line(ResidualVariant.Admin.Name(), [cells[^1]], 2),
                    ]
                ),
                Curves(Description.Id + "-curves", "Training over the updates", "Mean over seeds.", cells),
            ],
            Remarks =
                "Warm-up to the same learning rate, then the same number of updates of linear decay. The paper's "
                + "depth is 18+18.",
        };

    private static LineSeries Line(string name, IEnumerable<TrainedCell> cells, int color) =>
        new(
            name,
            [.. cells.Select(cell => ((double)cell.Cell.Trainings[0].Training.Schedule.WarmUpUpdates, cell.Nll))],
            color
        );
}
