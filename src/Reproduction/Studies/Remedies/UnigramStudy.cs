using TransformerClinic.Model;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Studies.Remedies;

/// <summary>Where the loss of a Post-LN model that fails stays: at that of word frequencies, or elsewhere.</summary>
internal sealed class UnigramStudy : TrainingStudy
{
    /// <summary>How near the loss must stay to that of word frequencies, in nats.</summary>
    private const double Near = 0.1;

    private const string Synthetic = "sequences to reverse";
    private static readonly int[] Depths = [12, 18];

    /// <inheritdoc/>
    public override StudyDescription Description =>
        new()
        {
            Id = "unigram",
            Title = "What a Post-LN model that fails still learns",
            Place = "A question that Liu et al. 2020 leave open: their failed models have no losses",
            Claim =
                "A deep Post-LN model that fails to train has learned how frequent words are, and nothing else: its "
                + "held-out loss ends at that of guessing.",
            Criterion =
                "Post-LN with 12+12 and 18+18 layers on real text, and with 18+18 layers on sequences to reverse: "
                + "with every seed the training fails (otherwise its model is undecided), and its held-out loss ends "
                + $"within {StudyWords.Fixed(Near, 1)} nats of that of guessing. "
                + Failing,
            Paper = "Training failed; no loss is given.",
            Minutes = 5,
            Hours = 6,
        };

    internal override IReadOnlyList<StudyCell> Cells(StudyBudget budget)
    {
        var (real, synthetic) = (RealTextRecipe.Of(budget), ReversalRecipe.Of(budget));
        const ResidualVariant PostLn = ResidualVariant.PostLn;
        var deepest = Depths[^1];
        StudyCell Post(string setting, int seeds, Func<long, SmallTraining> training) =>
            Cell(PostLn.Name(), setting, StudyWords.Seeds(seeds), training);
        return
        [
            .. Depths.Select(layers =>
                Post($"{layers}+{layers} layers, real text", 3, seed => real.Train(PostLn, layers, seed))
            ),
            Post(
                $"{deepest}+{deepest} layers, {Synthetic}",
                budget == StudyBudget.Minutes ? 2 : 5,
                seed => synthetic.Train(PostLn, deepest, seed)
            ),
        ];
    }

    internal override StudyFindings Judge(IReadOnlyList<TrainedCell> cells) =>
        new([.. cells.Select(EndsAtGuessing)], string.Join(" ", cells.Select(Words)), [], [])
        {
            Drawings =
            [
                Curves(
                    Description.Id,
                    "Post-LN that fails",
                    "Mean over seeds. "
                        + string.Join("; ", cells.Select(cell => $"{cell.Cell.Setting}: {Guessing(cell)} for guessing"))
                        + ".",
                    cells
                ),
            ],
        };

    private static Condition EndsAtGuessing(TrainedCell cell) =>
        new Condition(
            $"{cell.Label}: fails, and ends within {StudyWords.Fixed(Near, 1)} nats of guessing, with every seed",
            $"{cell.Ending}; {Distances(cell)} nats from guessing",
            cell.Outcomes.All(outcome => Math.Abs(FromGuessing(outcome)) <= Near)
        ).If(cell.AllFail);

    private static string Words(TrainedCell cell) =>
        $"{cell.Label} {cell.Ending}, where guessing has {Guessing(cell)}: {Distances(cell)}.";

    private static string Distances(TrainedCell cell) =>
        string.Join(", ", cell.Outcomes.Select(outcome => StudyWords.Fixed(FromGuessing(outcome), 3)));

    private static string Guessing(TrainedCell cell) => StudyWords.Fixed(cell.Outcomes[0].GuessNll);

    /// <summary>How far above guessing the held-out loss ends; not a number if it is not finite.</summary>
    private static double FromGuessing(TrainingOutcome outcome) => (outcome.ValidNll ?? double.NaN) - outcome.GuessNll;
}
