using System.Text.Json.Serialization;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Training;
using TransformerClinic.Training.Schedules;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis.Findings;

/// <summary>
/// How large a learning rate a recipe tolerates, by one ramp: its own optimizer, batches and dropout at a rate that
/// grows by the same factor at every update, until training breaks (<see cref="RangeCurve"/> says when).
/// </summary>
/// <param name="Seed">Seed of the model, its batches and dropout; it decides every number.</param>
/// <param name="MaxTolerable">The largest rate at which the loss still fell; null where it never fell.</param>
/// <param name="Lowest">The lowest smoothed loss, in nats per target token.</param>
/// <param name="End">Why the ramp ended.</param>
/// <param name="EndedAt">The rate at which it ended.</param>
/// <param name="Points">Update by update.</param>
internal sealed record LearningRateRange(
    long Seed,
    double? MaxTolerable,
    double? Lowest,
    RangeEnd End,
    double EndedAt,
    IReadOnlyList<RangePoint> Points
)
{
    /// <summary>The rate of the first update: Adam moves a weight by hardly more than that.</summary>
    public const double From = 1e-5;

    /// <summary>The rate that the last update would have: no Transformer bears it.</summary>
    public const double To = 1;

    /// <summary>A ramp of fewer updates says nothing.</summary>
    public const int FewestUpdates = 50;

    // A sixtieth of the ramp on each side: a twelfth of a decade, 11 of 300 updates.
    private const int HalfWindows = 60;

    /// <summary>Runs a ramp.</summary>
    /// <param name="subject">The recipe's model and text.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="updates">How many updates the whole ramp would have.</param>
    /// <param name="progress">Called with each update.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static LearningRateRange Make(
        DiagnosisSubject subject,
        long seed,
        int updates,
        IProgress<WorkDone> progress,
        CancellationToken stop
    )
    {
        using var scope = NewDisposeScope();
        using var replicas = subject.Replicas(seed);
        var training = subject.Training! with { StatisticsEvery = 0, Ema = 0 };
        var batches = new TokenBatches(subject.Examples, training.TokensPerBatch, rules: subject.Rules);
        using var trainer = new Trainer(
            replicas,
            batches,
            batches,
            training,
            seed,
            schedule: new RampSchedule(From, To, updates)
        );
        if (!subject.IsTrained)
        {
            trainer.Profile();
        }

        var curve = new RangeCurve(Math.Max(1, updates / HalfWindows));
        for (var update = 1; curve.End is null; update++)
        {
            stop.ThrowIfCancellationRequested();
            var report = trainer.Update();
            curve.Add(report.LearningRate, report.Skipped ? double.NaN : report.Nll, update == updates);
            progress.Report(
                new WorkDone(update, $"rate {Numbers.ThreeDigits(report.LearningRate)}, nll {Numbers.Loss(report.Nll)}")
            );
        }

        var points = curve.Points;
        return new LearningRateRange(
            seed,
            curve.MaxTolerable,
            curve.Lowest,
            curve.End!.Value,
            points[^1].LearningRate,
            points
        );
    }
}

/// <summary>What <c>clinic diagnose --learning-rate-range</c> found.</summary>
/// <param name="Name">The recipe's name.</param>
/// <param name="RecipeLearningRate">The recipe's own peak rate.</param>
/// <param name="Updates">Updates of a whole ramp.</param>
/// <param name="Ramps">Seed by seed.</param>
internal sealed record RangeResults(
    string Name,
    double RecipeLearningRate,
    int Updates,
    IReadOnlyList<LearningRateRange> Ramps
)
{
    /// <summary>
    /// What part of the maximum tolerable rate to train with. A rate that is held for long has to be smaller than one
    /// that a ramp passes by (Smith 2018); fast.ai's learning-rate finder takes a tenth. A third is between them, and
    /// was checked on our own grid (docs/diagnosis.md).
    /// </summary>
    public const double Part = 1.0 / 3;

    /// <summary>
    /// The largest peak rate by the prediction before training, the smallest of the seeds; null where there is no
    /// prediction. A ramp is too short to show more than that word frequencies are learned, which a model that fails
    /// later learns as well.
    /// </summary>
    public double? Predicted { get; init; }

    /// <summary>
    /// The smallest of the ramps' maximum tolerable rates; null if the loss never fell with one of them.
    /// </summary>
    public double? ByRamp =>
        Ramps.All(ramp => ramp.MaxTolerable is not null) ? Ramps.Min(ramp => ramp.MaxTolerable) : null;

    /// <summary>The smaller of <see cref="ByRamp"/> and <see cref="Predicted"/>.</summary>
    public double? MaxTolerable => Predicted < ByRamp ? Predicted : ByRamp;

    /// <summary>
    /// The rate to train with: a third of <see cref="ByRamp"/>, or <see cref="Predicted"/> where that is smaller; null
    /// where the ramp found none.
    /// </summary>
    public double? Proposed => Predicted < ByRamp * Part ? Predicted : ByRamp * Part;

    /// <summary>The same in sentences.</summary>
    public IReadOnlyList<string> Verdict => RangeWords.Of(this);

    /// <summary>Seconds that it took.</summary>
    [JsonIgnore]
    public double Seconds { get; init; }
}
