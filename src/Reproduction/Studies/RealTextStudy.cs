using TransformerClinic.Model;
using TransformerClinic.Reports.Charts;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>Table 2: Post-LN, Pre-LN and Admin at 6, 12 and 18 layers on real text.</summary>
internal sealed class RealTextStudy : TrainingStudy
{
    private static readonly ResidualVariant[] Variants =
    [
        ResidualVariant.PostLn,
        ResidualVariant.PreLn,
        ResidualVariant.Admin,
    ];
    private static readonly int[] Depths = [6, 12, 18];

    /// <inheritdoc/>
    public override StudyDescription Description =>
        new()
        {
            Id = "tab2",
            Title = "Post-LN, Pre-LN and Admin at 6, 12 and 18 layers on real text",
            Place = "Liu et al. 2020, table 2",
            Claim =
                "On real text Post-LN trains at 6+6 layers and fails at 12+12 and 18+18; Admin trains at all depths "
                + "and ends below Pre-LN at each.",
            Criterion =
                "With every seed: Post-LN trains at 6 and fails at 12 and 18 layers; Pre-LN and Admin train at 6, 12 "
                + "and 18; Admin's held-out loss ends below Pre-LN's at each depth, comparing the same seeds. "
                + Failing,
            Paper =
                "BLEU on WMT'14 En-De at 6, 12, 18 layers: Post-LN 27.80, failed, failed; Pre-LN 27.27, 28.26, "
                + "28.38; Admin 27.90, 28.58, 29.03.",
            Minutes = 9,
            Hours = 12,
        };

    internal override IReadOnlyList<StudyCell> Cells(StudyBudget budget)
    {
        var recipe = RealTextRecipe.Of(budget);
        return
        [
            .. from variant in Variants
            from layers in Depths
            select Cell(
                variant.Name(),
                $"{layers}+{layers} layers",
                StudyWords.Seeds(3),
                seed => recipe.Train(variant, layers, seed)
            ),
        ];
    }

    internal override StudyFindings Judge(IReadOnlyList<TrainedCell> cells)
    {
        var byVariant = cells.Chunk(Depths.Length).ToList();
        var (post, pre, admin) = (byVariant[0], byVariant[1], byVariant[2]);
        string Row(TrainedCell[] found) => string.Join("; ", found.Select(cell => cell.Ending));
        return new StudyFindings(
            [
                post[0].Trains(),
                .. post.Skip(1).Select(cell => cell.Fails()),
                .. pre.Concat(admin).Select(cell => cell.Trains()),
                .. admin.Zip(pre, (one, other) => one.EndsBelow(other)),
            ],
            string.Join(" ", byVariant.Select(found => $"{found[0].Cell.Name}: {Row(found)}.")),
            [],
            []
        )
        {
            Values =
            [
                new("Post-LN at 6, 12, 18 layers", "27.80, failed, failed", Row(post)),
                new(ResidualVariant.PreLn.Name(), "27.27, 28.26, 28.38", Row(pre)),
                new(ResidualVariant.Admin.Name(), "27.90, 28.58, 29.03", Row(admin)),
            ],
            Drawings =
            [
                new LineDrawing(
                    Description.Id,
                    "Held-out loss on real text against depth",
                    $"Mean over seeds. Word frequencies alone give {StudyWords.Fixed(cells[0].Outcomes[0].GuessNll)}.",
                    "layers of each stack",
                    "held-out nll, nats per target token",
                    [
                        .. byVariant.Select(
                            (found, i) =>
                                new LineSeries(
                                    found[0].Cell.Name,
                                    [.. found.Select((cell, depth) => ((double)Depths[depth], cell.Nll))],
                                    i
                                )
                        ),
                    ]
                ),
                Curves(
                    Description.Id + "-curves",
                    "Training of 18+18 layers on real text",
                    "Mean over seeds.",
                    byVariant.Select(found => found[^1])
                ),
            ],
            Remarks =
                "The paper's models are trained for a hundred epochs and read 32,768 tokens per update. Ours stop "
                + "after a small part of one epoch, long before depth pays off: their losses say which models "
                + "start to learn, not which end best. Also tried: half the updates, after which hardly any model "
                + "counts as trained.",
        };
    }
}
