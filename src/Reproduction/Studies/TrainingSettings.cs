using System.Globalization;
using TransformerClinic.Recipes;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>The settings of a study's trainings; if they differ, all values.</summary>
internal static class TrainingSettings
{
    /// <summary>The settings of some trainings.</summary>
    public static IReadOnlyList<StudySetting> Of(IReadOnlyList<SmallTraining> trainings)
    {
        StudySetting Setting(string name, Func<SmallTraining, object> value) =>
            new(
                name,
                string.Join(
                    " / ",
                    trainings
                        .Select(training => Convert.ToString(value(training), CultureInfo.InvariantCulture))
                        .Distinct()
                )
            );
        return
        [
            Setting("task", Task),
            Setting("layers", training => $"{training.Model.Encoder.Layers}+{training.Model.Decoder.Layers}"),
            Setting("dim", training => training.Model.Dim),
            Setting("dropout", training => training.Model.Dropout),
            Setting("updates", training => training.Training.MaxUpdates),
            Setting("tokens per batch", training => training.Training.TokensPerBatch),
            Setting("optimizer", training => RecipeKey.Format(training.Training.Optimizer.Name)),
            Setting("beta2", training => training.Training.Optimizer.Beta2),
            Setting("schedule", training => RecipeKey.Format(training.Training.Schedule.Name)),
            Setting("learning rate", training => training.Training.Schedule.LearningRate),
            Setting("warm-up", training => training.Training.Schedule.WarmUpUpdates),
        ];
    }

    private static object Task(SmallTraining training) =>
        training.Text switch
        {
            { Help: { } help } => FormattableString.Invariant($"help text with {help.Merges} merges"),
            { Reversal: { } reversal } => FormattableString.Invariant(
                $"reversal of {reversal.Shortest} to {reversal.Longest} of {reversal.Words} words"
            ),
            _ => "none",
        };
}
