using System.Diagnostics;
using TransformerClinic.Data;
using TransformerClinic.Model;
using TransformerClinic.Training;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Training.Profiling;
using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.SmallTrainings;

/// <summary>A small training in progress: its model, profiled if its variant needs it, and its trainer.</summary>
internal sealed class TrainingSession : IDisposable
{
    private const int CurvePoints = 100;
    private readonly SmallTraining _training;
    private readonly TaskText _text;
    private readonly ModelReplicas _replicas;
    private readonly Trainer _trainer;

    /// <summary>A training before its first update.</summary>
    /// <param name="training">The training.</param>
    /// <param name="text">Its text.</param>
    /// <param name="device">Where it runs; null for the processor.</param>
    public TrainingSession(SmallTraining training, TaskText text, Device? device = null)
    {
        (_training, _text) = (training, text);
        var options = training.Training with { StatisticsEvery = 0 };
        _replicas = new ModelReplicas(
            () => new Transformer(training.Model, text.Vocabulary, Text.Vocabulary.Pad, training.Seed),
            workers: 1,
            device ?? CPU
        );
        _trainer = new Trainer(
            _replicas,
            new TokenBatches(text.Train, options.TokensPerBatch),
            new TokenBatches(text.Valid, options.TokensPerBatch),
            options,
            training.Seed
        );
        Profile = _trainer.Profile();
    }

    /// <summary>The model as it is now.</summary>
    public Transformer Model => _replicas.Model;

    /// <summary>What profiling found; null if no connection is profiled.</summary>
    public AdminProfile? Profile { get; }

    /// <summary>Runs one update.</summary>
    public UpdateReport Update() => _trainer.Update();

    /// <summary>Runs all updates.</summary>
    /// <param name="made">Called for each.</param>
    /// <param name="stop">Ends the training.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public TrainingOutcome Run(Action<UpdateReport>? made = null, CancellationToken stop = default)
    {
        var clock = Stopwatch.StartNew();
        var losses = new List<double>();
        var updates = _training.Training.MaxUpdates;
        do
        {
            stop.ThrowIfCancellationRequested();
            var report = Update();
            losses.Add(report.Nll);
            made?.Invoke(report);
        } while (losses.Count < updates && double.IsFinite(losses[^1]));

        return new TrainingOutcome(
            _training,
            losses.Count,
            FiniteOrNull(losses.TakeLast(Math.Max(1, updates / 10)).Average()),
            double.IsFinite(losses[^1]) ? FiniteOrNull(_trainer.Validate().Nll) : null,
            _text.GuessNll,
            Curve(losses, Math.Max(1, updates / CurvePoints)),
            Math.Round(clock.Elapsed.TotalSeconds, 1)
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _trainer.Dispose();
        _replicas.Dispose();
    }

    private static double? FiniteOrNull(double value) => double.IsFinite(value) ? value : null;

    private static IReadOnlyList<CurvePoint> Curve(List<double> losses, int step)
    {
        var points = new List<CurvePoint>();
        foreach (var window in losses.Where(double.IsFinite).Chunk(step))
        {
            points.Add(new CurvePoint(((long)points.Count * step) + window.Length, window.Average()));
        }

        return points;
    }
}
