using TransformerClinic.Model;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Residuals;
using TransformerClinic.Training;
using TransformerClinic.Training.Schedules;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>
/// How studies train on the synthetic task unless they say otherwise: Adam, warm-up, linear decay, no dropout; one
/// recipe, so that studies share trainings.
/// </summary>
/// <param name="Dim">Width of the residual stream.</param>
/// <param name="Updates">Updates.</param>
/// <param name="Schedule">Learning rate and warm-up.</param>
/// <param name="Optimizer">The optimizer.</param>
/// <param name="Tokens">Tokens per batch.</param>
internal sealed record ReversalRecipe(
    int Dim,
    int Updates,
    ScheduleOptions Schedule,
    OptimizerOptions Optimizer,
    int Tokens
)
{
    /// <summary>What a curve of the task can be compared with, in words.</summary>
    public static string Guessing(IReadOnlyList<TrainedCell> cells) =>
        "Mean over seeds. Guessing, by word frequencies and sentence lengths, gives "
        + $"{StudyWords.Fixed(cells[0].Outcomes[0].GuessNll)} nats per token.";

    /// <summary>The recipe of a budget.</summary>
    public static ReversalRecipe Of(StudyBudget budget)
    {
        var schedule = new ScheduleOptions
        {
            Name = ScheduleName.Linear,
            LearningRate = 3e-3,
            WarmUpUpdates = 100,
        };
        var optimizer = new OptimizerOptions { Name = OptimizerName.Adam };
        return budget == StudyBudget.Minutes
            ? new(32, 300, schedule, optimizer, 400)
            : new(64, 2000, schedule with { LearningRate = 1.5e-3, WarmUpUpdates = 400 }, optimizer, 400);
    }

    /// <summary>The training of a model with one variant and depth in both stacks.</summary>
    public SmallTraining Train(ResidualVariant variant, int layers, long seed) =>
        Train(SmallTraining.Narrow(variant, layers, Dim), seed);

    /// <summary>The training of a model.</summary>
    public SmallTraining Train(ModelOptions model, long seed) =>
        new(
            TrainingText.OfReversal(),
            model,
            new TrainingOptions
            {
                MaxUpdates = Updates,
                TokensPerBatch = Tokens,
                Optimizer = Optimizer,
                Schedule = Schedule,
            },
            seed
        );
}
