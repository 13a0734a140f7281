using System.Globalization;
using TransformerClinic.Training;

namespace TransformerClinic.Runs;

/// <summary>Why a training ended, in words that follow "because".</summary>
internal static class EndWords
{
    /// <summary>The words.</summary>
    public static string Of(TrainingEnd end, TrainingState state, TrainingOptions options) =>
        end switch
        {
            TrainingEnd.Finished => string.Create(
                CultureInfo.InvariantCulture,
                $"all {options.MaxUpdates:N0} updates were made"
            ),
            TrainingEnd.TimeLimit => string.Create(
                CultureInfo.InvariantCulture,
                $"{options.MaxMinutes:0.##} minutes were up"
            ),
            TrainingEnd.TokenLimit => string.Create(
                CultureInfo.InvariantCulture,
                $"the {options.MaxTokens:N0} target tokens that it may train on were reached"
            ),
            TrainingEnd.NoImprovement => NoImprovement(state.Best),
            TrainingEnd.Interrupted => "it was asked to stop",
            TrainingEnd.Diverged => "it diverged",
            TrainingEnd.Stuck => "the loss was stuck where a model without context is",
            _ => throw new ArgumentOutOfRangeException(nameof(end), end, "This end is not known."),
        };

    private static string NoImprovement(BestValidation best) =>
        best.Loss is { } loss
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"the validation loss was lowest, {loss:0.000}, at update {best.Update:N0}, and {best.Since} "
                    + $"validations since then did not lower it"
            )
            : string.Create(CultureInfo.InvariantCulture, $"the validation loss was not finite {best.Since} times");
}
