using System.Globalization;
using TransformerClinic.Model;
using TransformerClinic.Reports.Charts;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>Figure 10: learning rate and beta2 without warm-up.</summary>
internal sealed class RobustnessStudy : TrainingStudy
{
    private const int Layers = 6;
    private const int PaperDim = 512;
    private static readonly ResidualVariant[] Variants =
    [
        ResidualVariant.PostLn,
        ResidualVariant.PreLn,
        ResidualVariant.Admin,
    ];
    private static readonly double[] PaperRates = [1e-4, 2e-4, 3e-4, 4e-4, 5e-4];
    private static readonly double[] Beta2s = [0.99, 0.995, 0.999];

    /// <inheritdoc/>
    public override StudyDescription Description =>
        new()
        {
            Id = "fig10",
            Title = "Learning rate and beta2 without warm-up, 6+6 layers",
            Place = "Liu et al. 2020, figure 10",
            Claim =
                "Without warm-up Post-LN fails for some learning rates and beta2, and where it trains it mostly "
                + "ends below Pre-LN; Pre-LN and Admin train everywhere.",
            Criterion =
                "Of the 15 cells Post-LN fails in at least one, Pre-LN and Admin in none. Where Post-LN trains, its "
                + "held-out loss is below Pre-LN's in more than half of the cells. A cell has failed if at least "
                + "half of its seeds have. "
                + Failing,
            Paper =
                "Post-LN diverges in 7 of 15 cells and beats Pre-LN in 7 of the 8 others; Pre-LN and Admin converge "
                + "in all 15. The authors named the linear decay later (issue 16 of Transformer-Clinic).",
            Minutes = 5.5,
            Hours = 6,
        };

    internal override IReadOnlyList<StudyCell> Cells(StudyBudget budget)
    {
        var recipe = ReversalRecipe.Of(budget);
        var seeds = StudyWords.Seeds(budget == StudyBudget.Minutes ? 1 : 3);
        return
        [
            .. from variant in Variants
            from rate in PaperRates.Select(rate => rate * PaperDim / recipe.Dim)
            from beta2 in Beta2s
            let training = recipe with
            {
                Schedule = recipe.Schedule with { LearningRate = rate, WarmUpUpdates = 1 },
                Optimizer = recipe.Optimizer with { Beta2 = beta2 },
            }
            select Cell(
                variant.Name(),
                $"learning rate {Plain(rate)}, beta2 {Plain(beta2)}",
                seeds,
                seed => training.Train(variant, Layers, seed)
            ),
        ];
    }

    internal override StudyFindings Judge(IReadOnlyList<TrainedCell> cells)
    {
        var grids = cells.Chunk(PaperRates.Length * Beta2s.Length).ToList();
        var (post, pre) = (grids[0], grids[1]);
        var failed = grids.Select(grid => grid.Count(HasFailed)).ToList();
        var both = post.Zip(pre).Where(pair => !HasFailed(pair.First)).ToList();
        var better = both.Count(pair => pair.First.Nll < pair.Second.Nll);
        return new StudyFindings(
            [
                Condition.Above("Post-LN: number of failing cells", failed[0], 0),
                Condition.Below("Pre-LN: number of failing cells", failed[1], 1),
                Condition.Below("Admin: number of failing cells", failed[2], 1),
                new Condition(
                    "Post-LN ends below Pre-LN in more than half of the cells where it trains",
                    $"in {better} of {both.Count}",
                    both.Count == 0 ? null : 2 * better > both.Count
                ),
            ],
            $"Of {post.Length} cells Post-LN fails in {failed[0]}, Pre-LN in {failed[1]}, Admin in {failed[2]}; "
                + $"where Post-LN trains it ends below Pre-LN in {better} of {both.Count}.",
            [],
            []
        )
        {
            Values =
            [
                new("Post-LN: number of failing cells", "7 of 15", $"{failed[0]} of 15"),
                new("Pre-LN: number of failing cells", "0 of 15", $"{failed[1]} of 15"),
                new("Admin: number of failing cells", "0 of 15", $"{failed[2]} of 15"),
                new("Post-LN better than Pre-LN where it trains", "7 of 8", $"{better} of {both.Count}"),
            ],
            Drawings = [.. Variants.Select((variant, i) => Draw(variant, grids[i]))],
            Remarks =
                "Learning rates are the paper's times 512 / dim, because the model is that much narrower. The "
                + "paper's optimizer is RAdam over 100,000 updates; its rectification is a warm-up of about 2,000 "
                + "updates at beta2 0.999, which would be longer than the whole of our training, so ours is Adam.",
        };
    }

    private static bool HasFailed(TrainedCell cell) => 2 * cell.Failed >= cell.Outcomes.Count;

    private GridDrawing Draw(ResidualVariant variant, TrainedCell[] grid) =>
        new(
            $"{Description.Id}-{variant.Key()}",
            $"{variant.Name()}, 6+6 layers, without warm-up",
            $"Held-out nll, nats per target token; {grid.Count(HasFailed)} of {grid.Length} cells fail.",
            "beta2",
            [.. Beta2s.Select(Plain)],
            "learning rate",
            [
                .. grid.Where((_, i) => i % Beta2s.Length == 0)
                    .Select(cell => Plain(cell.Cell.Trainings[0].Training.Schedule.LearningRate)),
            ],
            [
                .. grid.Chunk(Beta2s.Length)
                    .Select(row =>
                        (IReadOnlyList<GridEntry>)[.. row.Select(cell => new GridEntry(cell.Nll, HasFailed(cell)))]
                    ),
            ],
            grid[0].Outcomes[0].GuessNll
        );

    private static string Plain(double value) => Math.Round(value, 6).ToString(CultureInfo.InvariantCulture);
}
