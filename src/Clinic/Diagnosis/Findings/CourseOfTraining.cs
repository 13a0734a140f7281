using System.Globalization;
using System.Text.Json.Serialization;
using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Recipes;
using TransformerClinic.Reports;
using TransformerClinic.Runs;
using TransformerClinic.Workflows;

namespace TransformerClinic.Diagnosis.Findings;

/// <summary>
/// Whether the run of an examined model learned: what a diagnosis begins from, so that it and the run's report agree.
/// </summary>
/// <param name="Outcome">In one word.</param>
/// <param name="Verdict">In a sentence that begins with the model.</param>
/// <param name="Source">The file of the run folder that says so.</param>
/// <param name="Update">The update that the examined checkpoint was written at; null of a run's final model.</param>
public sealed record CourseOfTraining(RunOutcome Outcome, string Verdict, string Source, long? Update = null)
{
    /// <summary>
    /// Whether it learned to translate, or learned more where it began from a model that could already.
    /// </summary>
    [JsonIgnore]
    public bool Learned => Outcome is RunOutcome.Stable or RunOutcome.Unsettled or RunOutcome.Overfitting;

    /// <summary>Whether it did not, or lost what it had learned.</summary>
    [JsonIgnore]
    public bool Failed => Outcome is RunOutcome.Stuck or RunOutcome.Diverged;

    /// <summary>
    /// What a run says: its results, where they reach as far as the checkpoint; else its log up to there.
    /// </summary>
    /// <param name="run">The run folder.</param>
    /// <param name="recipe">Its recipe.</param>
    /// <param name="update">The checkpoint's update; null for the final model.</param>
    /// <exception cref="UserErrorException">Its results or its log are damaged.</exception>
    public static CourseOfTraining Of(string run, Recipe recipe, long? update)
    {
        var path = Path.Combine(run, RunFolder.ResultsName);
        var results = File.Exists(path) ? Json.Read<RunResults>(path) : null;
        return results is { Verdict.Length: > 0 } && (update ?? 0) <= results.Updates
            ? new CourseOfTraining(results.Outcome, results.Verdict, RunFolder.ResultsName, update)
            : OfLog(run, recipe, results?.UnigramNll, update);
    }

    private static CourseOfTraining OfLog(string run, Recipe recipe, double? unigramNll, long? update)
    {
        var path = Path.Combine(run, RunFolder.LogName);
        var end = update ?? long.MaxValue;
        LogEntry[] entries = File.Exists(path) ? [.. RunLog.Read(path).Where(entry => entry.Step <= end)] : [];
        var step = entries.Length > 0 ? entries[^1].Step : 0;
        var curve = RunReportBuilder.Curve(entries);
        var verdict = RunVerdict.Of(
            new RunReport
            {
                Title = recipe.Name,
                From = BaseModelRecord.In(run),
                Encoder = recipe.Model.Encoder,
                Decoder = recipe.Model.Decoder,
                Results = new ReportedResults
                {
                    Updates = step,
                    TargetTokens = 0,
                    TrainingSeconds = 0,
                    Parameters = 0,
                },
                Curve = curve,
                UnigramLoss = unigramNll,
                EndedBecause = entries.LastOrDefault(entry => entry.Kind == LogKind.Stopped)?.Cause,
            }
        );
        var course = new CourseOfTraining(verdict.Outcome, verdict.Headline, RunFolder.LogName, update);
        return !course.Learned ? course
            : PlateauAt(entries, step, recipe) is { } plateau
                ? course with
                {
                    Outcome = RunOutcome.Stuck,
                    Verdict = $"{Subject(recipe)} has not learned to translate: {plateau}.",
                }
            : unigramNll is null && HighPerplexity(curve) is { } perplexity
                ? course with
                {
                    Outcome = RunOutcome.Unknown,
                    Verdict = string.Create(
                        CultureInfo.InvariantCulture,
                        $"{verdict.Headline} With a perplexity of {perplexity:0} it may still use nothing of the "
                            + $"source."
                    ),
                }
            : course;
    }

    /// <summary>What the guard against divergence said when it last looked, if it saw a plateau.</summary>
    private static string? PlateauAt(LogEntry[] entries, long step, Recipe recipe)
    {
        var since = step - recipe.Training.Divergence.Plateau;
        return entries.LastOrDefault(entry => entry.Kind == LogKind.Plateau && entry.Step > since)?.Cause;
    }

    /// <summary>The last perplexity, if it does not show that the model uses the source.</summary>
    private static double? HighPerplexity(LearningCurve curve)
    {
        var last =
            curve.Valid is [.., var valid] ? valid.Perplexity
            : curve.Train is [.., var train] ? train.Perplexity
            : 0;
        return last > Thresholds.DoubtfulPerplexity ? last : null;
    }

    private static string Subject(Recipe recipe) => ModelWords.Subject(recipe.Model.Encoder, recipe.Model.Decoder);
}
