using System.Diagnostics;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Training.Divergence;
using TransformerClinic.Training.Loss;
using TransformerClinic.Training.Optimizers;
using TransformerClinic.Training.Profiling;
using TransformerClinic.Training.Schedules;
using TransformerClinic.Training.Statistics;

namespace TransformerClinic.Training;

/// <summary>
/// Trains a model update by update: gradients of one or more batches are summed, divided by their target tokens,
/// clipped, and handed to the optimizer, unless the guard against divergence has something against it. Knows nothing of
/// files.
/// </summary>
internal sealed class Trainer : IDisposable
{
    private readonly ModelReplicas _replicas;
    private readonly TrainingOptions _options;
    private readonly LearningRateSchedule _schedule;
    private readonly BatchCursor _cursor;
    private readonly IReadOnlyList<Batch> _validation;
    private readonly SublayerMeter _meter;
    private readonly BranchFactors _branchFactors;
    private readonly long _seed;

    /// <summary>A trainer at the beginning.</summary>
    /// <param name="replicas">The model and its replicas; not owned.</param>
    /// <param name="train">Training batches.</param>
    /// <param name="valid">Validation batches.</param>
    /// <param name="options">How to train.</param>
    /// <param name="seed">Decides the order of the data and the dropout masks.</param>
    /// <param name="unigramNll">
    /// Negative log-likelihood of a model that knows word frequencies only, in nats per target token; null where it is
    /// not known.
    /// </param>
    /// <param name="trained">
    /// The training that the model's weights come from; null for initial weights, which <see cref="Profile"/> is for.
    /// </param>
    /// <exception cref="UserErrorException">An option has a value that is not allowed.</exception>
    public Trainer(
        ModelReplicas replicas,
        TokenBatches train,
        TokenBatches valid,
        TrainingOptions options,
        long seed,
        double? unigramNll = null,
        EarlierTraining? trained = null
    )
    {
        (_replicas, _options, _seed) = (replicas, OptionCheck.Valid(options, "training"), seed);
        _schedule = LearningRateSchedule.Create(options.Schedule, options.MaxUpdates);
        _cursor = new BatchCursor(train, seed);
        _validation = [.. valid.InOrderOfLength().Select(valid.Make)];
        _meter = new SublayerMeter(replicas.Model, replicas.Parameters);
        _branchFactors = new BranchFactors(replicas.Model, beginsTrained: trained is not null);
        Optimizer = Optimizer.Create(replicas.Parameters, options.Optimizer);
        MovingAverage = options.Ema > 0 ? new MovingAverage(replicas.Parameters.Values, options.Ema) : null;
        Guard = new DivergenceGuard(options.Divergence, unigramNll);
        BeginsTrained = trained is not null;
        State = new TrainingState { Profile = trained?.Profile };
    }

    /// <summary>The state of the training.</summary>
    public TrainingState State { get; private set; }

    /// <summary>The weights.</summary>
    public FlatParameters Parameters => _replicas.Parameters;

    /// <summary>The optimizer with its state.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The moving average of the weights; null where the options ask for none.</summary>
    public MovingAverage? MovingAverage { get; }

    /// <summary>The guard against divergence.</summary>
    public DivergenceGuard Guard { get; }

    /// <summary>
    /// Whether the weights are those of a trained model: nothing is to be profiled, and there is a loss to compare
    /// with.
    /// </summary>
    public bool BeginsTrained { get; }

    /// <summary>
    /// Sets Admin's omegas from the first batches; call once, before the first update. Null for models without Admin
    /// connections.
    /// </summary>
    public AdminProfile? Profile()
    {
        Batch[] batches = [.. Enumerable.Range(0, _options.Profiling.Batches).Select(_ => _cursor.Next())];
        _cursor.Seek(0, 0);
        var profile = ModelProfiling.Run(_replicas.Model, batches, _options.Profiling, _seed, _replicas.Device);
        State = State with { Profile = profile };
        MovingAverage?.Restart(); // omegas are weights
        return profile;
    }

    /// <summary>Continues from a state whose weights and optimizer state were put back.</summary>
    public void Resume(TrainingState state)
    {
        _cursor.Seek(state.Epoch, state.ExamplesSeen);
        State = state;
    }

    /// <summary>
    /// After a rollback, which put an earlier state back: continues with the data after those of a later one, and with
    /// its clock.
    /// </summary>
    public void ContinueAfterRollback(TrainingState later) =>
        Resume(
            State with
            {
                Epoch = later.Epoch,
                ExamplesSeen = later.ExamplesSeen,
                Seconds = later.Seconds,
                Rollbacks = later.Rollbacks + 1,
            }
        );

    /// <summary>
    /// Makes one update, or does not, as its report says. One that the guard ends training at leaves the state as it
    /// was.
    /// </summary>
    public UpdateReport Update()
    {
        var clock = Stopwatch.StartNew();
        var update = State.Update + 1;
        var parts = _replicas.Clock.TimeData(() => NextParts(update));
        _branchFactors.Set(update);
        var (loss, nll) = AddGradients(parts);
        var tokens = parts.Sum(part => part.Batch.TargetTokens);
        var norm = _replicas.Clock.TimeOptimizer(SumGradients) / tokens;
        var rate = _schedule.At(update, State.Schedule);
        var found = Guard.Examine(State.Recent, loss / tokens, nll / tokens, norm);
        var incident =
            found is var (kind, cause) && !Guard.AlreadyReported(kind, State)
                ? Describe(kind, cause, update, parts)
                : null;
        var report = new UpdateReport(update, loss / tokens, nll / tokens, rate, norm, tokens, incident);
        if (incident is { Treatment: Treatment.Stopped })
        {
            _cursor.Seek(State.Epoch, State.ExamplesSeen);
            _branchFactors.Set(State.Update);
            return report;
        }

        var clipped = !report.Skipped && _options.ClipNorm > 0 && norm > _options.ClipNorm;
        if (!report.Skipped)
        {
            var scale = (clipped ? _options.ClipNorm / (norm + 1e-6) : 1) / tokens;
            report = report with { Sublayers = Make(update, () => Optimizer.Step(update, rate, scale), 1.0 / tokens) };
        }

        State = After(report, (loss, nll), clipped, jumped: found is not null) with
        {
            Seconds = State.Seconds + clock.Elapsed.TotalSeconds,
        };
        return report;
    }

    /// <summary>
    /// Loss on the validation set, without dropout, of the weights that would be handed on: their moving average where
    /// there is one.
    /// </summary>
    public ValidationReport Validate() =>
        MovingAverage is null ? ValidateWeights() : MovingAverage.InPlaceOfWeights(ValidateWeights);

    /// <summary>
    /// Records a validation that every run of the recipe makes here: the schedule and the end of training may depend
    /// on it.
    /// </summary>
    public void RecordValidation(ValidationReport report) =>
        State = State with
        {
            Best = State.Best.After(report.Update, report.Loss),
            Schedule = _schedule.After(State.Schedule, report.Update, report.Loss),
        };

    /// <summary>Loss of the weights as they are on the validation set, without dropout.</summary>
    public ValidationReport ValidateWeights()
    {
        var clock = Stopwatch.StartNew();
        var (loss, nll) = _replicas.Evaluate(_validation, _options.LabelSmoothing);
        var tokens = _validation.Sum(batch => (long)batch.TargetTokens);
        var report = new ValidationReport(State.Update, loss / tokens, nll / tokens);
        State = State with { Seconds = State.Seconds + clock.Elapsed.TotalSeconds };
        return report;
    }

    /// <summary>What in weights or optimizer state is not finite, as an incident; null where all is.</summary>
    public Incident? ExamineWeights()
    {
        var fault = FaultSearch.NotFinite(Parameters, Parameters.Values) is { } weights
            ? $"the weights of {weights}"
            : Optimizer
                .State.Select(state =>
                    FaultSearch.NotFinite(Parameters, state.Values) is { } values
                        ? $"the optimizer's {state.Name} of {values}"
                        : null
                )
                .FirstOrDefault(words => words is not null);
        return fault is null
            ? null
            : new Incident(
                IncidentKind.Weights,
                State.Update,
                $"{fault} are not finite, so no checkpoint is written",
                "",
                [],
                Guard.Treat(IncidentKind.Weights, State)
            );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Optimizer.Dispose();
        MovingAverage?.Dispose();
    }

    private List<UpdatePart> NextParts(long update)
    {
        var parts = new List<UpdatePart>();
        for (var i = 0; i < _options.Accumulate; i++)
        {
            var batch = _cursor.Next();
            var position = ((update * _options.Accumulate) + i) << 16;
            parts.Add(
                new UpdatePart(batch, _cursor.Epoch, worker => CounterRandom.At(_seed, "dropout", position + worker))
            );
        }

        return parts;
    }

    private (double Loss, double Nll) AddGradients(List<UpdatePart> parts)
    {
        Parameters.ZeroGradients();
        var (loss, nll) = (0.0, 0.0);
        foreach (var part in parts)
        {
            var (partLoss, partNll) = _replicas.AddGradients(part.Batch, _options.LabelSmoothing, part.DropoutKey);
            (loss, nll) = (loss + partLoss, nll + partNll);
        }

        return (loss, nll);
    }

    /// <summary>Adds the workers' gradients up.</summary>
    /// <returns>The norm of their sum.</returns>
    private double SumGradients()
    {
        Parameters.SumGradients();
        return Parameters.GradientNorm();
    }

    /// <summary>Makes an update, and has the moving average follow it.</summary>
    /// <returns>What it did to each sublayer, where that is to be measured.</returns>
    private IReadOnlyList<SublayerStatistics>? Make(long update, Action step, double meanScale)
    {
        IReadOnlyList<SublayerStatistics>? statistics = null;
        void Step() => _branchFactors.Keep(step);
        if (_options.StatisticsEvery > 0 && update % _options.StatisticsEvery == 0)
        {
            statistics = _meter.Measure(Step, meanScale);
        }
        else
        {
            _replicas.Clock.TimeOptimizer(Step);
        }

        MovingAverage?.Follow(State.Update - State.SkippedUpdates);
        return statistics;
    }

    private Incident Describe(IncidentKind kind, string cause, long update, List<UpdatePart> parts)
    {
        var (where, guilty) =
            kind == IncidentKind.NotFinite
                ? new FaultSearch(_replicas, _options.LabelSmoothing).Find(parts)
                : new FaultSearch.Fault(FaultSearch.LargestGradient(Parameters), parts);
        return new Incident(
            kind,
            update,
            cause,
            where,
            [.. guilty.Select(part => new OffendingBatch(part.Epoch, BatchHash.Of([part.Batch]), part.Batch.Examples))],
            Guard.Treat(kind, State)
        );
    }

    /// <summary>The state after an update, but for its time.</summary>
    /// <param name="report">The update.</param>
    /// <param name="sums">Its losses, summed over its target tokens.</param>
    /// <param name="clipped">Whether its gradient was clipped.</param>
    /// <param name="jumped">Whether the guard found something wrong with it.</param>
    private TrainingState After(UpdateReport report, (double Loss, double Nll) sums, bool clipped, bool jumped) =>
        State with
        {
            Update = report.Update,
            Epoch = _cursor.Epoch,
            ExamplesSeen = _cursor.ExamplesSeen,
            TargetTokens = State.TargetTokens + report.TargetTokens,
            SkippedUpdates = State.SkippedUpdates + (report.Skipped ? 1 : 0),
            SkippedInARow = report.Skipped ? State.SkippedInARow + 1 : 0,
            ClippedUpdates = State.ClippedUpdates + (clipped ? 1 : 0),
            SinceLogged = report.Skipped ? SinceLogged() : SinceLogged().Plus(sums.Loss, sums.Nll, report.TargetTokens),
            Recent = report.Skipped
                ? State.Recent
                : State.Recent.Plus(report.Nll, report.GradientNorm, jumped, _options.Divergence.Window),
        };

    /// <summary>What the next line of the log is the mean of: nothing once an update has its line.</summary>
    private LossSums SinceLogged() =>
        State.Update % _options.LogEvery == 0 && State.SkippedInARow == 0 ? LossSums.None : State.SinceLogged;
}

/// <summary>The training that a model's weights come from.</summary>
/// <param name="Profile">
/// What Admin's profiling set before it; null for a model without Admin connections.
/// </param>
internal sealed record EarlierTraining(AdminProfile? Profile);
