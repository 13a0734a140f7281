using TransformerClinic.Reports.Charts;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>A study whose measurement is how small trainings end.</summary>
internal abstract class TrainingStudy : Study
{
    /// <summary>
    /// What every study of this kind means by failed, and by seeds that disagree; part of their criteria.
    /// </summary>
    protected const string Failing =
        "A training has failed if its loss over the last tenth of its updates is not finite, or less than 0.5 nats "
        + "below that of guessing. Guessing knows how frequent words are and, on the synthetic task, the length of "
        + "the source, which is also the target's. If seeds disagree, a condition on every seed is undecided.";

    /// <summary>All cells, their trainings in the order of the seeds.</summary>
    internal abstract IReadOnlyList<StudyCell> Cells(StudyBudget budget);

    /// <summary>
    /// Judges the claim by how the trainings of all cells ended; seeds, settings and the table of all trainings are
    /// added to its findings.
    /// </summary>
    internal abstract StudyFindings Judge(IReadOnlyList<TrainedCell> cells);

    /// <inheritdoc/>
    public override StudyFindings Run(StudyContext context)
    {
        var trained = Train(context, Cells(context.Budget));
        return Complete(Judge(trained), trained);
    }

    /// <summary>Runs the trainings of cells.</summary>
    protected static IReadOnlyList<TrainedCell> Train(StudyContext context, IReadOnlyList<StudyCell> cells)
    {
        var outcomes = new Queue<TrainingOutcome>(context.Train([.. cells.SelectMany(cell => cell.Trainings)]));
        return [.. cells.Select(cell => new TrainedCell(cell, [.. cell.Trainings.Select(_ => outcomes.Dequeue())]))];
    }

    /// <summary>Adds seeds, settings and the table of all trainings.</summary>
    protected StudyFindings Complete(StudyFindings findings, IReadOnlyList<TrainedCell> trained)
    {
        SmallTraining[] trainings = [.. trained.SelectMany(cell => cell.Cell.Trainings)];
        return findings with
        {
            Seeds = [.. trainings.Select(training => training.Seed).Distinct()],
            Settings = TrainingSettings.Of(trainings),
            Tables = [.. findings.Tables, Table(trained)],
        };
    }

    /// <summary>A cell for some seeds.</summary>
    protected static StudyCell Cell(
        string name,
        string setting,
        IReadOnlyList<long> seeds,
        Func<long, SmallTraining> training
    ) => new(name, setting, [.. seeds.Select(training)]);

    /// <summary>The final losses of cells, best first.</summary>
    protected static string Ranking(IEnumerable<TrainedCell> cells) =>
        $"Held-out nll, best first: {string.Join(
            ", ",
            cells.OrderBy(cell => cell.Nll).Select(cell => $"{cell.Label} {StudyWords.Fixed(cell.Nll, 3)}")
        )}.";

    /// <summary>The loss of cells over updates, averaged over the seeds that were still training.</summary>
    protected static LineDrawing Curves(string name, string title, string reading, IEnumerable<TrainedCell> cells) =>
        new(
            name,
            title,
            reading,
            "update",
            "training nll, nats per target token",
            [.. cells.Select((cell, i) => new LineSeries(cell.Label, MeanCurve(cell.Outcomes), i))]
        );

    private static IReadOnlyList<(double X, double Y)> MeanCurve(IReadOnlyList<TrainingOutcome> outcomes) =>
        [
            .. outcomes
                .SelectMany(outcome => outcome.Curve)
                .GroupBy(point => point.Update)
                .OrderBy(points => points.Key)
                .Select(points => ((double)points.Key, points.Average(point => point.Nll))),
        ];

    private StudyTable Table(IReadOnlyList<TrainedCell> cells) =>
        new(
            Description.Id + "-trainings",
            ["model", "setting", "seed", "updates", "fate", "nll", "validNll", "guessNll"],
            [
                .. from cell in cells
                from outcome in cell.Outcomes
                select (IReadOnlyList<object?>)
                    [
                        cell.Cell.Name,
                        cell.Cell.Setting,
                        outcome.Training.Seed,
                        outcome.Updates,
                        outcome.Fate,
                        outcome.Nll,
                        outcome.ValidNll,
                        outcome.GuessNll,
                    ],
            ]
        );
}
