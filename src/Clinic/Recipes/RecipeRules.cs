using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Training.Schedules;

namespace TransformerClinic.Recipes;

/// <summary>What must hold between the keys of a recipe.</summary>
internal static class RecipeRules
{
    /// <exception cref="UserErrorException">A rule is broken; the message names the keys.</exception>
    public static void Check(Recipe recipe, string path)
    {
        var (data, model, training, schedule) = (recipe.Data, recipe.Model, recipe.Training, recipe.Training.Schedule);
        Require(
            IsFolderName(recipe.Name),
            $"name is '{recipe.Name}'; it names the run's folder, so it must begin with a letter or digit and hold "
                + "only letters, digits, dots, hyphens and underscores."
        );
        Require(!data.Train.IsNone, $"data.train is not set; it names the file with the training pairs. {data.Obtain}");
        Require(
            !data.Valid.IsNone,
            $"data.valid is not set; it names the file with the validation pairs. {data.Obtain}"
        );
        Require(
            data.MaxLength <= model.MaxPositions,
            $"data.maxLength is {data.MaxLength} and model.maxPositions is {model.MaxPositions}: the model has no "
                + "positions for the longest training pairs."
        );
        Require(
            model.Dim % 2 == 0,
            $"model.dim is {model.Dim}; it must be even: half of a position's embedding are sines, half cosines."
        );
        Require(
            model.Dim % model.Heads == 0,
            $"model.dim is {model.Dim} and model.heads is {model.Heads}: the heads must divide the dimension."
        );
        Require(schedule.LearningRate > 0, "training.schedule.learningRate is 0: nothing would be learned.");
        Require(
            schedule.WarmUpFrom <= schedule.LearningRate,
            string.Create(
                CultureInfo.InvariantCulture,
                $"training.schedule.warmUpFrom is {schedule.WarmUpFrom} and training.schedule.learningRate is "
                    + $"{schedule.LearningRate}: the warm-up must rise."
            )
        );
        Require(
            schedule.MinLearningRate <= schedule.LearningRate,
            string.Create(
                CultureInfo.InvariantCulture,
                $"training.schedule.minLearningRate is {schedule.MinLearningRate} and training.schedule.learningRate "
                    + $"is {schedule.LearningRate}: the learning rate must not rise after its warm-up."
            )
        );
        Require(
            !LearningRateSchedule.EndsWithTraining(schedule.Name) || schedule.WarmUpUpdates < training.MaxUpdates,
            $"training.schedule.warmUpUpdates is {schedule.WarmUpUpdates} and training.maxUpdates is "
                + $"{training.MaxUpdates}: a {RecipeKey.Format(schedule.Name)} schedule needs updates after its "
                + "warm-up."
        );
        Require(
            training.Average <= training.KeepLast,
            $"training.average is {training.Average} and training.keepLast is {training.KeepLast}: only checkpoints "
                + "that are kept can be averaged."
        );

        void Require(bool holds, string message)
        {
            if (!holds)
            {
                throw new UserErrorException($"{path}: {message.TrimEnd()}");
            }
        }
    }

    private static bool IsFolderName(string name) =>
        name.Length > 0
        && char.IsLetterOrDigit(name[0])
        && name.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_')
        && name[^1] != '.';
}
