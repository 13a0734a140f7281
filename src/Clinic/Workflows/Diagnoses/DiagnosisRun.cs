using System.Diagnostics;
using TorchSharp;
using TransformerClinic.Common;
using TransformerClinic.Diagnosis;
using TransformerClinic.Diagnosis.Depth;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Files;
using TransformerClinic.Model;
using TransformerClinic.Reports.Diagnoses;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Workflows.Diagnoses;

/// <summary>
/// The examination of a recipe's initial models or of a trained one: measurements, verdict, tables, figures, page.
/// </summary>
internal sealed class DiagnosisRun(DiagnosisOptions options, IRunConsole console)
{
    /// <summary>Examines and writes all that was found.</summary>
    /// <exception cref="UserErrorException">There is nothing of that name to examine, or no text for it.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled; nothing was written.</exception>
    public DiagnosisResults Run(CancellationToken stop)
    {
        CheckOptions();
        var clock = Stopwatch.StartNew();
        var subject = new SubjectFinder(options, console, stop).Find();
        var examinations = Each(
            "examining",
            subject,
            seed => Examination.Of(subject, seed, options.Perturbations),
            stop
        );
        var results = new DiagnosisResults
        {
            Name = subject.Name,
            Trained = subject.IsTrained,
            Course = subject.Course,
            Model = subject.Model,
            Seeds = subject.Seeds,
            Encoder = StackFindings.Of(StackName.Encoder, subject.Model.Encoder, examinations),
            Decoder = StackFindings.Of(StackName.Decoder, subject.Model.Decoder, examinations),
            Predictions = Predict(subject, stop),
            Spikes = subject.Spikes,
            Examinations = examinations,
        };
        results = WithRemovals(results, subject, stop) with
        {
            WithAdmin = WithAdmin(subject, results, stop),
            FirstUpdates = MakeFirstUpdates(subject, stop),
            Seconds = clock.Elapsed.TotalSeconds,
        };
        results = results with { Verdict = DiagnosisVerdict.Of(results) };
        DiagnosisFolder.Write(results, options.Output);
        return results;
    }

    /// <summary>
    /// Predicts from a few passes of each seed's model whether a recipe will train; nothing is written.
    /// </summary>
    /// <exception cref="UserErrorException">
    /// It is not a recipe, its optimizer is not covered, or there is no text for it.
    /// </exception>
    public PredictionResults PredictOnly(CancellationToken stop)
    {
        CheckOptions();
        var subject = new SubjectFinder(options, console, stop).Find();
        var predictions = Predict(subject, stop);
        return predictions.Count > 0
            ? new PredictionResults(subject.Name, subject.Seeds, predictions)
            : throw new UserErrorException(
                subject.Training is not { } training
                    ? $"{options.Subject}: this model is trained; a prediction before training is for recipes."
                : subject.IsTrained
                    ? $"{options.Subject}: training.from is {training.From}: "
                        + "the prediction is for models at their initial weights, and this one is trained."
                : $"{options.Subject}: training.optimizer.name is sgd, whose steps are as large as the gradients; "
                    + "the prediction is for radam and adam."
            );
    }

    /// <summary>Predicts for one seed; null for stochastic gradient descent.</summary>
    internal static TrainingPrediction? Predict(DiagnosisSubject subject, long seed)
    {
        using var model = subject.Create(subject.Model, seed);
        model.to(ScalarType.Float64);
        using var probe = new Probe(subject.Batches(seed, 1)[0], subject.Smoothing, subject.Device);
        return PredictionRule.Fitted.Predict(model, probe, subject.Training!);
    }

    private void CheckOptions()
    {
        OptionCheck.Valid(options, "diagnosis");
        FolderPath.RefuseFiles(options.Output, options.Output);
    }

    private List<T> Each<T>(string what, DiagnosisSubject subject, Func<long, T> work, CancellationToken stop) =>
        console.Work(
            what,
            "models",
            subject.Seeds.Count,
            progress =>
            {
                var found = new List<T>();
                foreach (var seed in subject.Seeds)
                {
                    stop.ThrowIfCancellationRequested();
                    found.Add(work(seed));
                    progress.Report(new WorkDone(found.Count));
                }

                return found;
            }
        );

    private List<TrainingPrediction> Predict(DiagnosisSubject subject, CancellationToken stop) =>
        subject.IsTrained
            ? []
            : [.. Each("predicting", subject, seed => Predict(subject, seed), stop).OfType<TrainingPrediction>()];

    /// <summary>
    /// What cures is shown, not promised: if a Post-LN stack grows as N, the same models with Admin's connections.
    /// </summary>
    private StackGrowth? WithAdmin(DiagnosisSubject subject, DiagnosisResults results, CancellationToken stop)
    {
        static StackOptions Treated(StackOptions stack, StackFindings findings) =>
            findings.Traits.IsPostLn ? stack.WithAdmin() : stack;
        StackFindings[] stacks = [results.Encoder, results.Decoder];
        if (
            subject.IsTrained
            || !stacks.Any(stack => stack.Traits.IsPostLn && stack.Growth.Fit.Best == OutputChange.Linear)
        )
        {
            return null;
        }

        var shape = subject.Model with
        {
            Encoder = Treated(subject.Model.Encoder, results.Encoder),
            Decoder = Treated(subject.Model.Decoder, results.Decoder),
        };
        var changes = Each(
            "treating with Admin",
            subject,
            seed => Examination.ChangesOf(subject, shape, seed, options.Perturbations),
            stop
        );
        return new StackGrowth(
            StackFindings.GrowthOf(StackName.Encoder, changes, subject.Seeds[0]),
            StackFindings.GrowthOf(StackName.Decoder, changes, subject.Seeds[0])
        );
    }

    /// <summary>What sublayers are worth says something only of a model that has learned something.</summary>
    private DiagnosisResults WithRemovals(DiagnosisResults results, DiagnosisSubject subject, CancellationToken stop)
    {
        if (!subject.IsTrained)
        {
            return results;
        }

        var removals = console.Work(
            "removing sublayers",
            "sublayers",
            (2 * subject.Model.Encoder.Layers) + (3 * subject.Model.Decoder.Layers),
            progress =>
            {
                using var scope = NewDisposeScope();
                using var model = subject.Create(subject.Model, subject.Seeds[0]);
                model.to(ScalarType.Float64);
                using var probe = new Probe(
                    subject.Batches(subject.Seeds[0], 1)[0],
                    subject.Smoothing,
                    subject.Device
                );
                return SublayerRemoval.Measure(
                    DiagnosedPass.Of(model, probe.Input),
                    probe.Nll,
                    done =>
                    {
                        stop.ThrowIfCancellationRequested();
                        progress.Report(new WorkDone(done));
                    }
                );
            }
        );
        static StackFindings With(StackFindings stack, IReadOnlyList<SublayerRemoval> removals) =>
            stack with
            {
                Depth = stack.Depth?.With(stack.Stack, removals),
            };
        return results with
        {
            Encoder = With(results.Encoder, removals),
            Decoder = With(results.Decoder, removals),
            Removals = removals,
        };
    }

    private FirstUpdates? MakeFirstUpdates(DiagnosisSubject subject, CancellationToken stop) =>
        subject.Training is null || options.Updates == 0
            ? null
            : console.Work(
                "first updates",
                "updates",
                options.Updates,
                progress => FirstUpdates.Make(subject, subject.Seeds[0], options.Updates, options.Every, progress, stop)
            );
}
