using TransformerClinic.Diagnosis;
using TransformerClinic.Residuals;
using TransformerClinic.Runs.Reproduction.SmallTrainings;

namespace TransformerClinic.Runs.Reproduction.Studies;

/// <summary>Table 1: whether a decoder that keeps its gradient rescues a Post-LN encoder; with the cell that the paper leaves out, and Admin.</summary>
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
    public override StudyDescription Description => new()
    {
        Id = "tab1",
        Title = "Hybrids of Post-LN and Pre-LN, 18+18 layers",
        Place = "Liu et al. 2020, table 1",
        Claim = "At 18+18 layers a Pre-LN decoder mends the vanishing gradient of Post-LN but not its training: with a Post-LN encoder it fails all the same, while Pre-LN in both stacks and Admin train.",
        Criterion = "Before training the decoder keeps (|dL/dx_1| / |dL/dx_n|, geometric mean over seeds) less than 0.2 of its gradient in Post-LN and more than 0.5 in the two hybrids of the paper whose decoder is Pre-LN. With every seed Post-LN encoder + Post-LN decoder and Post-LN encoder + Pre-LN decoder fail, Pre-LN in both stacks and Admin train. " + Failing + " Pre-LN encoder + Post-LN decoder is reported without a condition.",
        Paper = "Post-LN encoder and decoder: vanishing, diverged; Post-LN encoder and Pre-LN decoder: not vanishing, diverged; Pre-LN both: converged. The fourth cell is not in the paper.",
        Minutes = 7,
        Hours = 3,
    };

    /// <inheritdoc/>
    public override StudyFindings Run(StudyContext context)
    {
        var kept = context.Each("measuring", Cells(context.Budget), cell => GradientPath.GeometricMean(cell.Trainings.Select(training => Kept(training, context))));
        var findings = base.Run(context);
        return findings with
        {
            Conditions =
            [
                Condition.Below($"{Name(0)}: gradient that the decoder keeps", kept[0], 0.2),
                Condition.Above($"{Name(1)}: gradient that the decoder keeps", kept[1], 0.5),
                Condition.Above($"{Name(2)}: gradient that the decoder keeps", kept[2], 0.5),
                .. findings.Conditions,
            ],
            Values = [.. findings.Values.Select((value, i) => value with { Ours = $"decoder keeps {StudyWords.Fixed(kept[i], 3)} of its gradient; {value.Ours}" })],
        };
    }

    internal override IReadOnlyList<StudyCell> Cells(StudyBudget budget)
    {
        var recipe = ReversalRecipe.Of(budget);
        var seeds = StudyWords.Seeds(budget == StudyBudget.Minutes ? 2 : 5);
        return [.. Hybrids.Select((hybrid, i) => Cell(Name(i), "", seeds, seed => recipe.Train(SmallTraining.Narrow(hybrid.Encoder, Layers, hybrid.Decoder, Layers, recipe.Dim), seed)))];
    }

    internal override StudyFindings Judge(IReadOnlyList<TrainedCell> cells) => new(
        [cells[0].Fails(), cells[1].Fails(), cells[2].Trains(), cells[4].Trains()],
        string.Join("; ", cells.Select(cell => $"{cell.Label} {cell.Ending}")) + ".",
        [],
        [])
    {
        Values = [.. cells.Select((cell, i) => new ComparedValue(cell.Label, Hybrids[i].Paper, cell.Ending))],
        Drawings = [Curves(Description.Id, "Training of hybrids, 18+18 layers", ReversalRecipe.Guessing, cells)],
        Remarks = "The paper trains 512 channels on WMT'14 En-De; we train a translation that reads its source backwards, each word by its other name.",
    };

    private static double Kept(SmallTraining training, StudyContext context) => InitialModels.Examine(
        InitialModels.Of(training.Model, context.Texts.Of(training.Text), training.Training.TokensPerBatch),
        training.Seed,
        (model, probe) => GradientPath.Of(SublayerPlace.Decoder, GradientBalance.Measure(model, probe.Input, probe.Backward).Sublayers).Kept);

    private static string Name(int hybrid)
    {
        var (encoder, decoder, _) = Hybrids[hybrid];
        return encoder == decoder ? $"{StudyWords.Name(encoder)} in both stacks" : $"{StudyWords.Name(encoder)} encoder + {StudyWords.Name(decoder)} decoder";
    }
}
