using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Files;
using TransformerClinic.Recipes;
using TransformerClinic.Runs;

namespace TransformerClinic.Workflows.Diagnoses;

/// <summary>Reads from a run folder whether its training went well.</summary>
internal static class RunCourse
{
    /// <summary>
    /// What a run says: its results, where they reach as far as the checkpoint; otherwise its log up to there.
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
        var entries = Entries(run, update);
        var step = entries.Length > 0 ? entries[^1].Step : 0;
        var curve = LogCurve.Of(entries);
        var verdict = RunVerdict.Of(
            new RunEvidence
            {
                Encoder = recipe.Model.Encoder,
                Decoder = recipe.Model.Decoder,
                From = BaseModelRecord.In(run)?.AsEvidence(),
                Curve = curve,
                Updates = step,
                UnigramNll = unigramNll,
                DivergedBecause = entries.LastOrDefault(entry => entry.Kind == LogKind.Stopped)?.Cause,
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

    /// <summary>How often the log spikes up to a checkpoint; null where it is too short to say.</summary>
    /// <param name="run">The run folder.</param>
    /// <param name="update">The checkpoint's update; null for the final model.</param>
    /// <exception cref="UserErrorException">Its log is damaged.</exception>
    public static SpikeScore? Spikes(string run, long? update) => SpikeScore.Of(LogCurve.Of(Entries(run, update)));

    private static LogEntry[] Entries(string run, long? update)
    {
        var path = Path.Combine(run, RunFolder.LogName);
        var end = update ?? long.MaxValue;
        return File.Exists(path) ? [.. RunLog.Read(path).Where(entry => entry.Step <= end)] : [];
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
