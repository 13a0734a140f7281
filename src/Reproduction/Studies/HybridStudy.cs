using TransformerClinic.Diagnosis;
using TransformerClinic.Model;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>
/// Table 1: whether a decoder that keeps its gradient rescues a Post-LN encoder; with the cell that the paper leaves
/// out, and with Admin.
/// </summary>
internal sealed class HybridStudy : TrainingStudy
{
    private const int Layers = 18;

    private static readonly (ResidualVariant Encoder, ResidualVariant Decoder, string Paper)[] Hybrids =
    [
        (ResidualVariant.PostLn, ResidualVariant.PostLn, "vanishing; diverged"),
        (ResidualVariant.PostLn, ResidualVariant.PreLn, "not vanishing; diverged"),
        (ResidualVariant.PreLn, ResidualVariant.PreLn, "not vanishing; converged"),
        (ResidualVariant.PreLn, ResidualVariant.PostLn, "not tested"),
        (ResidualVariant.Admin, ResidualVariant.Admin, "not in the table; converged (table 2)"),
    ];

    /// <inheritdoc/>
    public override StudyDescription Description =>
        new()
        {
            Id = "tab1",
            Title = "Hybrids of Post-LN and Pre-LN, 18+18 layers",
            Place = "Liu et al. 2020, table 1",
            Claim =
                "Where Post-LN is too deep to train, a Pre-LN decoder fixes its vanishing gradient but not its "
                + "training: with a Post-LN encoder it still fails, while Pre-LN in both stacks and Admin train.",
            Criterion =
                "Before training the decoder keeps (|dL/dx_1| / |dL/dx_n|, geometric mean over seeds) less than 0.2 "
                + "of its gradient in Post-LN and more than 0.5 in the two models of the paper's table whose "
                + "decoder is Pre-LN. With every seed Post-LN fails (otherwise this and the following are "
                + "undecided), Post-LN encoder + Pre-LN decoder fails, and Pre-LN in both stacks and Admin train. "
                + Failing
                + " Pre-LN encoder + Post-LN decoder is reported without a condition.",
            Paper =
                "18+18 layers. Post-LN encoder and decoder: vanishing, diverged; Post-LN encoder and Pre-LN "
                + "decoder: not vanishing, diverged; Pre-LN both: converged. The fourth cell is not in the "
                + "paper.",
            Minutes = 4,
            Hours = 6,
        };

    /// <inheritdoc/>
    public override StudyFindings Run(StudyContext context)
    {
        var cells = Train(context, Cells(context.Budget));
        return Complete(WithGradients(Judge(cells), cells, context), cells);
    }

    internal override IReadOnlyList<StudyCell> Cells(StudyBudget budget)
    {
        var recipe = ReversalRecipe.Of(budget);
        var seeds = StudyWords.Seeds(budget == StudyBudget.Minutes ? 2 : 5);
        return
        [
            .. Hybrids.Select(hybrid =>
                Cell(
                    Name(hybrid.Encoder, hybrid.Decoder),
                    "",
                    seeds,
                    seed =>
                        recipe.Train(
                            SmallTraining.Narrow(hybrid.Encoder, Layers, hybrid.Decoder, Layers, recipe.Dim),
                            seed
                        )
                )
            ),
        ];
    }

    internal override StudyFindings Judge(IReadOnlyList<TrainedCell> cells)
    {
        var postLnFails = cells[0].AllFail;
        return new(
            [
                cells[0].Fails().If(postLnFails),
                cells[1].Fails().If(postLnFails),
                cells[2].Trains().If(postLnFails),
                cells[4].Trains().If(postLnFails),
            ],
            string.Join("; ", cells.Select(cell => $"{cell.Label} {cell.Ending}")) + ".",
            [],
            []
        )
        {
            Values = [.. cells.Select(Compare)],
            Drawings =
            [
                Curves(
                    Description.Id,
                    "Training of hybrids of Post-LN and Pre-LN",
                    ReversalRecipe.Guessing(cells),
                    cells
                ),
            ],
            Remarks =
                "The paper trains 512 channels on WMT'14 En-De; we train a translation that reads its source "
                + "backwards, with each word replaced by its counterpart. In a first run guessing meant only word "
                + "frequencies: their 2.69 nats made 2.19 the limit, which the source's length nearly gives by "
                + "itself (2.16), and Post-LN with 2.01 to 2.10 counted as trained. Since then guessing also knows "
                + "the length, in every study.",
        };
    }

    private static StudyFindings WithGradients(
        StudyFindings findings,
        IReadOnlyList<TrainedCell> cells,
        StudyContext context
    )
    {
        var kept = context.Each(
            "measuring",
            cells,
            cell => GradientPath.GeometricMean(cell.Cell.Trainings.Select(training => Kept(training, context)))
        );
        string Decoder(int cell) => $"{cells[cell].Label}: gradient that the decoder keeps";
        return findings with
        {
            Conditions =
            [
                Condition.Below(Decoder(0), kept[0], 0.2),
                Condition.Above(Decoder(1), kept[1], 0.5),
                Condition.Above(Decoder(2), kept[2], 0.5),
                .. findings.Conditions,
            ],
            Values =
            [
                .. findings.Values.Select(
                    (value, i) =>
                        value with
                        {
                            Ours = $"decoder keeps {StudyWords.Fixed(kept[i], 3)} of its gradient; {value.Ours}",
                        }
                ),
            ],
        };
    }

    private static ComparedValue Compare(TrainedCell cell, int index) =>
        new(cell.Label, Hybrids[index].Paper, cell.Ending);

    private static double Kept(SmallTraining training, StudyContext context) =>
        InitialModels.Examine(
            InitialModels.Of(training.Model, context.Texts.Of(training.Text), training.Training.TokensPerBatch),
            training.Seed,
            (model, probe) =>
                GradientPath
                    .Of(StackName.Decoder, GradientBalance.Measure(model, probe.Input, probe.Backward).Sublayers)
                    .Kept
        );

    private static string Name(ResidualVariant encoder, ResidualVariant decoder) =>
        encoder == decoder
            ? $"{encoder.Name()} in both stacks"
            : $"{encoder.Name()} encoder + {decoder.Name()} decoder";
}
