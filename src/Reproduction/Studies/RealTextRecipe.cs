using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Residuals;
using TransformerClinic.Training;
using TransformerClinic.Training.Schedules;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>
/// How studies train on real text: Adam, warm-up, linear decay, no dropout; one recipe, so that studies share
/// trainings.
/// </summary>
/// <param name="Dim">Width of the residual stream.</param>
/// <param name="Text">The text.</param>
/// <param name="Training">The training.</param>
internal sealed record RealTextRecipe(int Dim, TrainingText Text, TrainingOptions Training)
{
    /// <summary>The recipe of a budget.</summary>
    public static RealTextRecipe Of(StudyBudget budget)
    {
        var minutes = budget == StudyBudget.Minutes;
        var (dim, updates, warmUp, tokens) = minutes ? (32, 500, 100, 256) : (64, 4000, 400, 512);
        return new(
            dim,
            TrainingText.OfHelp(minutes ? 500 : 2000, 30),
            new TrainingOptions
            {
                MaxUpdates = updates,
                TokensPerBatch = tokens,
                Optimizer = new OptimizerOptions { Name = OptimizerName.Adam },
                Schedule = new ScheduleOptions
                {
                    Name = ScheduleName.Linear,
                    LearningRate = minutes ? 3e-3 : 1.5e-3,
                    WarmUpUpdates = warmUp,
                },
            }
        );
    }

    /// <summary>The training of a model with one variant and depth in both stacks.</summary>
    public SmallTraining Train(ResidualVariant variant, int layers, long seed) =>
        new(Text, SmallTraining.Narrow(variant, layers, Dim), Training, seed);
}
