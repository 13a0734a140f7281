using System.Globalization;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Reproduction.Studies;
using TransformerClinic.Training;

namespace TransformerClinic.Bench.Prediction;

/// <summary>
/// How the trainings of the studies of <c>docs/reproduction.md</c> ended, as <c>docs/data/reproduction</c> holds it.
/// Trainings by stochastic gradient descent, for which nothing is predicted, are left out.
/// </summary>
internal static class StudyOutcomes
{
    /// <summary>The trainings, each once, with the study that they are from.</summary>
    public static IReadOnlyList<(string Study, SmallTraining Training, bool Trained, double? Nll)> Read(
        string folder
    ) =>
        [
            .. StudyCatalog
                .All.OfType<TrainingStudy>()
                .SelectMany(study => Of(study, folder))
                .DistinctBy(known => known.Training),
        ];

    private static IEnumerable<(string Study, SmallTraining Training, bool Trained, double? Nll)> Of(
        TrainingStudy study,
        string folder
    )
    {
        var id = study.Description.Id;
        var path = Path.Combine(folder, $"{id}-trainings.csv");
        if (!File.Exists(path))
        {
            return [];
        }

        // From the right: a setting may have a comma in it.
        string[][] rows = [.. File.ReadLines(path).Skip(1).Select(line => line.Split(','))];
        SmallTraining[] trainings = [.. study.Cells(StudyBudget.Minutes).SelectMany(cell => cell.Trainings)];
        return trainings.Length == rows.Length
            ? trainings
                .Zip(rows)
                .Where(pair => pair.First.Training.Optimizer.Name != OptimizerName.Sgd)
                .Select(pair =>
                    (
                        id,
                        pair.First,
                        pair.Second[^4] == "trained",
                        double.TryParse(pair.Second[^3], CultureInfo.InvariantCulture, out var nll)
                            ? nll
                            : (double?)null
                    )
                )
            : throw new InvalidDataException($"{path}: {rows.Length} rows for {trainings.Length} trainings.");
    }
}
