using System.Diagnostics;
using TransformerClinic.Common;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Files;
using TransformerClinic.Reports.Diagnoses;

namespace TransformerClinic.Workflows.Diagnoses;

/// <summary>Finds by a ramp how large a learning rate a recipe tolerates: curve, verdict, page.</summary>
internal sealed class LearningRateRangeRun(DiagnosisOptions options, IRunConsole console)
{
    /// <summary>Sixty updates per decade.</summary>
    public const int DefaultUpdates = 300;

    /// <summary>Runs a ramp for each seed and writes what was found.</summary>
    /// <exception cref="UserErrorException">
    /// It is not a recipe, there is no text for it, or the ramp is too short.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was canceled; nothing was written.</exception>
    public RangeResults Run(CancellationToken stop)
    {
        OptionCheck.Valid(options, "diagnosis");
        FolderPath.RefuseFiles(options.Output, options.Output);
        if (options.Updates < LearningRateRange.FewestUpdates)
        {
            throw new UserErrorException(
                FormattableString.Invariant(
                    $"updates is {options.Updates}: a ramp needs {LearningRateRange.FewestUpdates} or more "
                ) + "to show anything."
            )
            {
                Options = [nameof(DiagnosisOptions.Updates)],
            };
        }

        var clock = Stopwatch.StartNew();
        var subject = new SubjectFinder(options, console, stop).Find();
        if (subject.Training is not { } training)
        {
            throw new UserErrorException(
                $"{options.Subject}: this model is trained; a ramp of the learning rate is for recipes."
            );
        }

        long[] seeds = options.Seeds is null ? [subject.Seeds[0]] : [.. subject.Seeds];
        var results = new RangeResults(
            subject.Name,
            training.Schedule.LearningRate,
            options.Updates,
            [.. seeds.Select(seed => Ramp(subject, seed, stop))]
        );
        results = results with { Predicted = Predict(subject, seeds), Seconds = clock.Elapsed.TotalSeconds };
        RangeFolder.Write(results, options.Output);
        return results;
    }

    private static double? Predict(DiagnosisSubject subject, IReadOnlyList<long> seeds) =>
        subject.IsTrained ? null : seeds.Min(seed => DiagnosisRun.Predict(subject, seed)?.TolerableStep);

    private LearningRateRange Ramp(DiagnosisSubject subject, long seed, CancellationToken stop) =>
        console.Work(
            FormattableString.Invariant($"ramp of seed {seed}"),
            "updates",
            options.Updates,
            progress => LearningRateRange.Make(subject, seed, options.Updates, progress, stop)
        );
}
