using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Model;
using TransformerClinic.Training;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Workflows.Diagnoses;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis.Findings;

/// <summary>Where a training stands after an update.</summary>
/// <param name="Update">Its number, from 1.</param>
/// <param name="Loss">Its loss, in nats a target token.</param>
/// <param name="LearningRate">Its learning rate.</param>
/// <param name="Drift">
/// By stack, how far the states of the first batch have come from those before training:
/// <see cref="OutputDrift.Measure"/>.
/// </param>
public sealed record UpdateMeasurement(
    long Update,
    double Loss,
    double LearningRate,
    IReadOnlyDictionary<string, IReadOnlyList<double>> Drift
);

/// <summary>
/// The first updates of a recipe with its own optimizer, schedule and dropout: amplification in action, and gradients
/// against updates.
/// </summary>
/// <param name="Measurements">Update by update.</param>
/// <param name="Gradients">The gradient of the first batch before training, parameter by parameter.</param>
/// <param name="Changes">How far the updates have moved each parameter in all.</param>
public sealed record FirstUpdates(
    IReadOnlyList<UpdateMeasurement> Measurements,
    IReadOnlyList<ParameterNorm> Gradients,
    IReadOnlyList<ParameterNorm> Changes
)
{
    /// <summary>Makes the updates and measures beside them, which changes no bit of them.</summary>
    internal static FirstUpdates Make(
        DiagnosisSubject subject,
        long seed,
        DiagnosisOptions options,
        IProgress<WorkDone> progress,
        CancellationToken stop
    )
    {
        using var scope = NewDisposeScope();
        using var replicas = new ModelReplicas(
            () =>
                subject.Load?.Invoke() ?? new Transformer(subject.Model, subject.Vocabulary, Text.Vocabulary.Pad, seed),
            workers: 1,
            CPU
        );
        var batches = new TokenBatches(subject.Examples, subject.Training!.TokensPerBatch);
        using var trainer = new Trainer(replicas, batches, batches, subject.Training, seed);
        if (!subject.IsTrained)
        {
            trainer.Profile();
        }

        using var probe = new Probe(subject.Batches(seed, 1)[0], subject.Smoothing);
        var gradients = GradientBalance.Measure(replicas.Model, probe.Input, probe.Backward).Parameters;
        using var before = new WeightSnapshot(replicas.Model);
        using var drift = new OutputDrift(DiagnosedPass.Of(replicas.Model, probe.Input));
        var found = new List<UpdateMeasurement>();
        for (var update = 1; update <= options.Updates; update++)
        {
            stop.ThrowIfCancellationRequested();
            var report = trainer.Update();
            progress.Report(new WorkDone(update));
            if (update % options.Every == 0 || update == options.Updates)
            {
                found.Add(new UpdateMeasurement(update, report.Loss, report.LearningRate, drift.Measure()));
            }
        }

        return new FirstUpdates(found, gradients, before.Changes());
    }
}
