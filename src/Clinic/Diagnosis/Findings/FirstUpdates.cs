using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Training;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis.Findings;

/// <summary>The state of a training after an update.</summary>
/// <param name="Update">Its number, from 1.</param>
/// <param name="Loss">Its loss, in nats per target token.</param>
/// <param name="LearningRate">Its learning rate.</param>
/// <param name="Drift">
/// By stack, how far the states of the first batch have come from those before training:
/// <see cref="OutputDrift.Measure"/>.
/// </param>
internal sealed record UpdateMeasurement(
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
internal sealed record FirstUpdates(
    IReadOnlyList<UpdateMeasurement> Measurements,
    IReadOnlyList<ParameterNorm> Gradients,
    IReadOnlyList<ParameterNorm> Changes
)
{
    /// <summary>Makes the updates and measures next to them, which changes no bit of them.</summary>
    /// <param name="subject">The recipe's model and text.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="updates">How many.</param>
    /// <param name="every">Updates between two measurements.</param>
    /// <param name="progress">Called with each update.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    internal static FirstUpdates Make(
        DiagnosisSubject subject,
        long seed,
        int updates,
        int every,
        IProgress<WorkDone> progress,
        CancellationToken stop
    )
    {
        using var scope = NewDisposeScope();
        using var replicas = subject.Replicas(seed);
        var batches = new TokenBatches(subject.Examples, subject.Training!.TokensPerBatch, rules: subject.Rules);
        using var trainer = new Trainer(replicas, batches, batches, subject.Training, seed);
        if (!subject.IsTrained)
        {
            trainer.Profile();
        }

        using var probe = new Probe(subject.Batches(seed, 1)[0], subject.Smoothing, subject.Device);
        var gradients = GradientBalance.Measure(replicas.Model, probe.Input, probe.Backward).Parameters;
        using var before = new WeightSnapshot(replicas.Model);
        using var drift = new OutputDrift(DiagnosedPass.Of(replicas.Model, probe.Input));
        var found = new List<UpdateMeasurement>();
        for (var update = 1; update <= updates; update++)
        {
            stop.ThrowIfCancellationRequested();
            var report = trainer.Update();
            progress.Report(new WorkDone(update));
            if (update % every == 0 || update == updates)
            {
                found.Add(new UpdateMeasurement(update, report.Loss, report.LearningRate, drift.Measure()));
            }
        }

        return new FirstUpdates(found, gradients, before.Changes());
    }
}
