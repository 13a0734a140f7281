using TransformerClinic.Common;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Recipes;
using TransformerClinic.Runs;
using TransformerClinic.Workflows.Diagnoses;
using TransformerClinic.Workflows.Foldings;

namespace TransformerClinic.Workflows;

/// <summary>
/// What the command <c>clinic</c> does, for programs of your own: train a recipe, diagnose, fold. To translate there is
/// <see cref="TranslationModel"/>. Call <see cref="NativeRuntime.Configure"/> first in your program.
/// </summary>
public static class Workflow
{
    /// <summary>
    /// Trains a recipe to its end in a run folder. Given the same folder again, it resumes from the newest checkpoint.
    /// </summary>
    /// <param name="recipe">What to train; <see cref="RecipeReader"/> reads one from a file.</param>
    /// <param name="folder">The run folder.</param>
    /// <param name="say">Told in a line what happens; null tells nobody.</param>
    /// <param name="stop">Stops after the update under way, with a checkpoint.</param>
    /// <returns>The results, or null if it was stopped before the end.</returns>
    /// <exception cref="UserErrorException">The recipe, the data or the folder cannot be used.</exception>
    public static RunResults? Train(
        Recipe recipe,
        string folder,
        Action<string>? say = null,
        CancellationToken stop = default
    ) => new TrainingRun(recipe, folder, new LineConsole(say)).Run(stop);

    /// <summary>Examines a recipe's initial models or a trained one, and writes page, figures and data.</summary>
    /// <param name="options">What to examine, and where the files go.</param>
    /// <param name="say">Told in a line what happens; null tells nobody.</param>
    /// <param name="stop">Stops; nothing is written.</param>
    /// <returns>What was found, in words; the folder holds the numbers.</returns>
    /// <exception cref="UserErrorException">There is nothing of that name to examine, or no text for it.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static DiagnosisVerdict Diagnose(
        DiagnosisOptions options,
        Action<string>? say = null,
        CancellationToken stop = default
    ) => new DiagnosisRun(options, new LineConsole(say)).Run(stop).Verdict!;

    /// <summary>
    /// Folds the residual scales of a model into plain Post-LN weights, compares both, and writes the folded model with
    /// a certificate.
    /// </summary>
    /// <param name="options">Which model, and where the folded one goes.</param>
    /// <param name="say">Told in a line what happens; null tells nobody.</param>
    /// <param name="stop">Stops; nothing is written.</param>
    /// <returns>Whether the folded model gives what the original gives, and that in words.</returns>
    /// <exception cref="UserErrorException">The model cannot be folded, or there is no text for it.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static (bool Holds, string Verdict) Fold(
        FoldOptions options,
        Action<string>? say = null,
        CancellationToken stop = default
    )
    {
        var certificate = new FoldRun(options, new LineConsole(say)).Run(stop);
        return (certificate.Holds, certificate.Verdict);
    }
}
