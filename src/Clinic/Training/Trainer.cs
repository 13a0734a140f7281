using System.Diagnostics;
using TransformerClinic.Data;

namespace TransformerClinic.Training;

/// <summary>What one update did.</summary>
/// <param name="Update">Its number, from 1.</param>
/// <param name="Loss">Label-smoothed cross entropy, in nats a target token.</param>
/// <param name="Nll">Negative log-likelihood, in nats a target token.</param>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="GradientNorm">Norm of the gradient of the mean loss, before clipping.</param>
/// <param name="TargetTokens">Target tokens, padding not counted.</param>
/// <param name="Skipped">Whether the update was skipped because loss or gradient was not finite.</param>
public sealed record UpdateReport(long Update, double Loss, double Nll, double LearningRate, double GradientNorm, int TargetTokens, bool Skipped);

/// <summary>What a validation found, in nats a target token.</summary>
/// <param name="Update">Updates made before it.</param>
/// <param name="Loss">Label-smoothed cross entropy.</param>
/// <param name="Nll">Negative log-likelihood.</param>
public sealed record ValidationReport(long Update, double Loss, double Nll)
{
    /// <summary><c>exp(nll)</c></summary>
    public double Perplexity => Math.Exp(Nll);
}

/// <summary>
/// Trains a model update by update: gradients of one or more batches are summed, divided by their target tokens, clipped,
/// and handed to the optimizer. Knows nothing of files.
/// </summary>
public sealed class Trainer : IDisposable
{
    private readonly ModelReplicas _replicas;
    private readonly TrainingOptions _options;
    private readonly LearningRateSchedule _schedule;
    private readonly BatchCursor _cursor;
    private readonly IReadOnlyList<Batch> _validation;
    private readonly long _seed;

    /// <summary>A trainer at the beginning.</summary>
    /// <param name="replicas">The model and its replicas; not owned.</param>
    /// <param name="train">Training batches.</param>
    /// <param name="valid">Validation batches.</param>
    /// <param name="options">How to train.</param>
    /// <param name="seed">Decides the order of the data and the dropout masks.</param>
    public Trainer(ModelReplicas replicas, TokenBatches train, TokenBatches valid, TrainingOptions options, long seed)
    {
        (_replicas, _options, _seed) = (replicas, options, seed);
        _schedule = new LearningRateSchedule(options.Schedule, options.MaxUpdates);
        _cursor = new BatchCursor(train, seed);
        _validation = [.. valid.InOrderOfLength().Select(valid.Make)];
        Optimizer = Optimizer.Create(replicas.Parameters, options.Optimizer);
    }

    /// <summary>Where the training stands.</summary>
    public TrainingState State { get; private set; } = new();

    /// <summary>The weights.</summary>
    public FlatParameters Parameters => _replicas.Parameters;

    /// <summary>The optimizer with its state.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>Sets Admin's omegas from the first batches; call once, before the first update. Null for models without Admin connections.</summary>
    public AdminProfile? Profile()
    {
        Batch[] batches = [.. Enumerable.Range(0, _options.Profiling.Batches).Select(_ => _cursor.Next())];
        _cursor.Seek(0, 0);
        var profile = ModelProfiling.Run(_replicas.Model, batches, _options.Profiling, _seed, _replicas.Device);
        State = State with { Profile = profile };
        return profile;
    }

    /// <summary>Goes on from a state whose weights and optimizer state were put back.</summary>
    public void Resume(TrainingState state)
    {
        _cursor.Seek(state.Epoch, state.ExamplesSeen);
        State = state;
    }

    /// <summary>Makes one update.</summary>
    public UpdateReport Update()
    {
        var clock = Stopwatch.StartNew();
        var update = State.Update + 1;
        Parameters.ZeroGradients();
        var (loss, nll, tokens) = (0.0, 0.0, 0);
        for (var part = 0; part < _options.Accumulate; part++)
        {
            var batch = _cursor.Next();
            var position = ((update * _options.Accumulate) + part) << 16;
            var (batchLoss, batchNll) = _replicas.AddGradients(batch, _options.LabelSmoothing, worker => CounterRandom.At(_seed, "dropout", position + worker));
            (loss, nll, tokens) = (loss + batchLoss, nll + batchNll, tokens + batch.TargetTokens);
        }

        Parameters.SumGradients();
        var norm = Parameters.GradientNorm() / tokens;
        var rate = _schedule.At(update);
        var skipped = !double.IsFinite(norm) || !double.IsFinite(loss);
        var clipped = !skipped && _options.ClipNorm > 0 && norm > _options.ClipNorm;
        if (!skipped)
        {
            Optimizer.Step(update, rate, (clipped ? _options.ClipNorm / (norm + 1e-6) : 1) / tokens);
        }

        State = State with
        {
            Update = update,
            Epoch = _cursor.Epoch,
            ExamplesSeen = _cursor.ExamplesSeen,
            TargetTokens = State.TargetTokens + tokens,
            SkippedUpdates = State.SkippedUpdates + (skipped ? 1 : 0),
            SkippedInARow = skipped ? State.SkippedInARow + 1 : 0,
            ClippedUpdates = State.ClippedUpdates + (clipped ? 1 : 0),
            SinceLogged = skipped ? SinceLogged() : SinceLogged().Plus(loss, nll, tokens),
            Seconds = State.Seconds + clock.Elapsed.TotalSeconds,
        };
        return new UpdateReport(update, loss / tokens, nll / tokens, rate, norm, tokens, skipped);
    }

    /// <summary>Loss on the validation set, without dropout.</summary>
    public ValidationReport Validate()
    {
        var clock = Stopwatch.StartNew();
        var (loss, nll) = _replicas.Evaluate(_validation, _options.LabelSmoothing);
        var tokens = _validation.Sum(batch => (long)batch.TargetTokens);
        var report = new ValidationReport(State.Update, loss / tokens, nll / tokens);
        State = State with
        {
            Seconds = State.Seconds + clock.Elapsed.TotalSeconds,
        };
        return report;
    }

    /// <inheritdoc/>
    public void Dispose() => Optimizer.Dispose();

    /// <summary>What stands for the next line of the log: nothing once an update has got its line.</summary>
    private LossSums SinceLogged() => State.Update % _options.LogEvery == 0 && State.SkippedInARow == 0 ? LossSums.None : State.SinceLogged;
}
