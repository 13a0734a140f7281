using TransformerClinic.Model;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>
/// The comparison of admin-torch with Admin and DeepNorm at huge batches, with only the batch varied, and together with
/// what else was varied there.
/// </summary>
internal sealed class BatchStudy : TrainingStudy
{
    private const int Layers = 18;
    private const int Larger = 16;
    private static readonly ResidualVariant[] Variants =
    [
        ResidualVariant.Admin,
        ResidualVariant.AdminAnalytic,
        ResidualVariant.DeepNorm,
    ];

    /// <inheritdoc/>
    public override StudyDescription Description =>
        new()
        {
            Id = "batch",
            Title = "A batch sixteen times as large, 18+18 layers",
            Place = "admin-torch 0.1, README; Wang et al. 2022 (DeepNet)",
            Claim =
                "A batch sixteen times as large breaks the training of deep profiled Admin but not that of analytic "
                + "Admin.",
            Criterion =
                "Profiled Admin, analytic Admin and DeepNorm train with every seed at the small batch; with a batch "
                + "sixteen times as large and nothing else changed profiled Admin fails and analytic Admin trains, "
                + "with every seed. The published comparison also raised the learning rate by half and halved the "
                + "warm-up: reported without a condition. "
                + Failing,
            Paper =
                "WMT'17 En-De, 100+100 layers, 8 x 4,096 and 128 x 4,096 tokens: Admin trains and fails, DeepNorm "
                + "fails and trains, analytic Admin trains twice. But Admin with 60+12 layers trained with 1.28 "
                + "million tokens per batch (2008.07772).",
            Minutes = 6,
            Hours = 5,
        };

    internal override IReadOnlyList<StudyCell> Cells(StudyBudget budget)
    {
        var recipe = ReversalRecipe.Of(budget) with { Tokens = 100 };
        var huge = recipe with { Tokens = Larger * recipe.Tokens };
        var schedule = recipe.Schedule;
        (string Name, ReversalRecipe Recipe)[] settings =
        [
            ("small batch", recipe),
            ("large batch", huge),
            (
                "large batch, higher rate, shorter warm-up",
                huge with
                {
                    Schedule = schedule with
                    {
                        LearningRate = 1.5 * schedule.LearningRate,
                        WarmUpUpdates = schedule.WarmUpUpdates / 2,
                    },
                }
            ),
        ];
        var seeds = StudyWords.Seeds(budget == StudyBudget.Minutes ? 1 : 3);
        return
        [
            .. from variant in Variants
            from setting in settings
            select Cell(variant.Name(), setting.Name, seeds, seed => setting.Recipe.Train(variant, Layers, seed)),
        ];
    }

    internal override StudyFindings Judge(IReadOnlyList<TrainedCell> cells)
    {
        var byVariant = cells.Chunk(cells.Count / Variants.Length).ToList();
        return new StudyFindings(
            [.. byVariant.Select(found => found[0].Trains()), byVariant[0][1].Fails(), byVariant[1][1].Trains()],
            string.Join("; ", cells.Select(cell => $"{cell.Label}: {cell.Ending}")) + ".",
            [],
            []
        )
        {
            Values =
            [
                new("Admin, small and large batch", "trains, fails", Endings(byVariant[0])),
                new(ResidualVariant.AdminAnalytic.Name(), "trains, trains", Endings(byVariant[1])),
                new(ResidualVariant.DeepNorm.Name(), "fails, trains", Endings(byVariant[2])),
            ],
            Drawings =
            [
                Curves(
                    Description.Id,
                    "Small and large batches, 18+18 layers",
                    "Only the batch is changed.",
                    byVariant.SelectMany(found => found.Take(2))
                ),
                Curves(
                    Description.Id + "-all",
                    "Large batch, higher rate and shorter warm-up",
                    "What the published comparison changed.",
                    byVariant.Select(found => found[2])
                ),
            ],
            Remarks = "The number of updates is the same, so the large batch sees sixteen times as much text.",
        };
    }

    private static string Endings(TrainedCell[] found) => $"{found[0].Ending}; {found[1].Ending}";
}
