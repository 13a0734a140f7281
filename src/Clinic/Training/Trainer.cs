using System.Diagnostics;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Distribution;
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
/// clipped, and handed to the optimizer, unless the guard against divergence has something against it. Of several
/// processes each computes its pieces of every update, and all decide alike. Knows nothing of files.
/// </summary>
internal sealed class Trainer : IDisposable
{
    private readonly ModelReplicas _replicas;
    private readonly TrainingOptions _options;
    private readonly LearningRateSchedule _schedule;
    private readonly BatchCursor _cursor;
    private readonly SharedEvaluation _validation;
    private readonly SublayerMeter _meter;
    private readonly BranchFactors _branchFactors;
    private readonly ProcessGroup _group;
    private readonly UpdateShare _share;
    private readonly long _seed;
    private (bool Stops, double Seconds) _agreed;

    /// <summary>A trainer at the beginning.</summary>
    /// <param name="replicas">The model and its replicas; not owned.</param>
    /// <param name="train">Training batches.</param>
    /// <param name="valid">Validation batches.</param>
    /// <param name="options">How to train.</param>
    /// <param name="seed">Decides the order of the data and the dropout masks.</param>
    /// <param name="unigramNll">
    /// Nats per target token of a model that knows word frequencies only; null where it is not known.
    /// </param>
    /// <param name="trained">
    /// The training that the model's weights come from; null for initial weights, which <see cref="Profile"/> is for.
    /// </param>
    /// <param name="group">The processes that train together; not owned; null for only this one.</param>
    /// <param name="schedule">The learning rate by update; null for that of the options.</param>
    /// <exception cref="UserErrorException">An option has a value that is not allowed.</exception>
    public Trainer(
        ModelReplicas replicas,
        TokenBatches train,
        TokenBatches valid,
        TrainingOptions options,
        long seed,
        double? unigramNll = null,
        EarlierTraining? trained = null,
        ProcessGroup? group = null,
        LearningRateSchedule? schedule = null
    )
    {
        (_replicas, _options, _seed) = (replicas, OptionCheck.Valid(options, "training"), seed);
        _schedule = schedule ?? LearningRateSchedule.Create(options.Schedule, options.MaxUpdates);
        _cursor = new BatchCursor(train, seed);
        _meter = new SublayerMeter(replicas.Model, replicas.Parameters);
        _branchFactors = new BranchFactors(replicas.Model, beginsTrained: trained is not null);
        _group = group ?? new SingleProcess();
        var parts = UpdateShare.PartsFor(options.Parts, replicas.Models.Count, _group.Count);
        _share = new UpdateShare(options.Accumulate, parts, _group.Count);
        _validation = new SharedEvaluation(replicas, valid, options.LabelSmoothing, _group);
        Exchange = new GradientExchange(_group, replicas.Parameters, _share, replicas.Clock);
        Optimizer = Optimizer.Create(replicas.Parameters, options.Optimizer, Exchange.Shard);
        MovingAverage = options.Ema > 0 ? new MovingAverage(replicas.Parameters.Values, options.Ema) : null;
        Guard = new DivergenceGuard(options.Divergence, unigramNll);
        BeginsTrained = trained is not null;
        State = new TrainingState { Profile = trained?.Profile };
    }

    /// <summary>The state of the training.</summary>
    public TrainingState State { get; private set; }

    /// <summary>The weights.</summary>
    public FlatParameters Parameters => _replicas.Parameters;

    /// <summary>The optimizer with its state, which is of this process's shard of the weights.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>Which pieces of an update each process computes.</summary>
    public UpdateShare Share => _share;

    /// <summary>What this process has of the others, and they of it.</summary>
    public GradientExchange Exchange { get; }

    /// <summary>
    /// Seconds of training by which all processes decide: those of the first one's clock, as they were at the newest
    /// exchange.
    /// </summary>
    public double AgreedSeconds => _group.Count == 1 ? State.Seconds : _agreed.Seconds;

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
    /// <remarks>
    /// The variances are sums that libtorch divides among its threads, so there is one: omegas, and with them all bits
    /// of a training, would otherwise depend on the machine's cores.
    /// </remarks>
    public AdminProfile? Profile()
    {
        Batch[] batches = [.. Enumerable.Range(0, _options.Profiling.Batches).Select(_ => _cursor.Next())];
        _cursor.Seek(0, 0);
        var profile = _replicas.OnOneThread(() =>
            ModelProfiling.Run(_replicas.Model, batches, _options.Profiling, _seed, _replicas.Device)
        );
        if (profile is not null)
        {
            Exchange.Broadcast(Parameters.Values); // of unlike processors, too, the first decides
        }

        State = State with { Profile = profile };
        MovingAverage?.Restart(); // omegas are weights
        return profile;
    }

    /// <summary>Continues from a state whose weights and optimizer state were put back.</summary>
    public void Resume(TrainingState state)
    {
        _cursor.Seek(state.Epoch, state.ExamplesSeen);
        State = state;
        _agreed = (_agreed.Stops, state.Seconds);
    }

    /// <summary>
    /// After a rollback, which put an earlier state back: continues with the data after those of a later one, and with
    /// its clock.
    /// </summary>
    /// <param name="later">The later state.</param>
    /// <param name="seconds">What <see cref="AgreedSeconds"/> was in it.</param>
    public void ContinueAfterRollback(TrainingState later, double seconds)
    {
        Resume(
            State with
            {
                Epoch = later.Epoch,
                ExamplesSeen = later.ExamplesSeen,
                Seconds = later.Seconds,
                Rollbacks = later.Rollbacks + 1,
            }
        );
        _agreed = (_agreed.Stops, seconds);
    }

    /// <summary>
    /// Whether training is to stop: of several processes, whether any was asked to before the newest exchange, so that
    /// all stop at the same update.
    /// </summary>
    public bool IsToStop(CancellationToken stop) => _group.Count == 1 ? stop.IsCancellationRequested : _agreed.Stops;

    /// <summary>
    /// Makes one update, or does not, as its report says. One that the guard ends training at leaves the state as it
    /// was.
    /// </summary>
    /// <param name="stops">
    /// Whether this process is asked to stop, which the others learn; see <see cref="IsToStop"/>. Null for never.
    /// </param>
    /// <exception cref="ProcessGroupException">A process of the group does not come.</exception>
    public UpdateReport Update(Func<bool>? stops = null)
    {
        var clock = Stopwatch.StartNew();
        var update = State.Update + 1;
        var batches = NextBatches(update);
        _branchFactors.Set(update);
        var computed = Compute(batches);
        var seconds = State.Seconds + clock.Elapsed.TotalSeconds;
        var sums = Exchange.Sum(update, computed, stops?.Invoke() ?? false, seconds);
        _agreed = (sums.Stops, sums.Seconds);
        var (loss, nll, tokens) = sums.Loss;
        var norm = sums.GradientNorm / tokens;
        var rate = _schedule.At(update, State.Schedule);
        var found = Guard.Examine(State.Recent, loss / tokens, nll / tokens, norm);
        var incident =
            found is var (kind, cause) && !Guard.AlreadyReported(kind, State)
                ? Describe(kind, cause, update, batches)
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
            report = report with { Sublayers = Make(update, rate, scale, 1.0 / tokens) };
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
        MovingAverage is null ? ValidateWeights() : MovingAverage.InPlaceOfWeights(() => ValidateWeights());

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
    /// <param name="alone">Whether other processes take no part in it.</param>
    public ValidationReport ValidateWeights(bool alone = false)
    {
        var clock = Stopwatch.StartNew();
        var (loss, nll) = alone ? _validation.EvaluateAlone() : _validation.Evaluate();
        var tokens = _validation.Tokens;
        var report = new ValidationReport(State.Update, loss / tokens, nll / tokens);
        State = State with { Seconds = State.Seconds + clock.Elapsed.TotalSeconds };
        return report;
    }

    /// <summary>What in weights or optimizer state is not finite, as an incident; null where all is.</summary>
    public Incident? ExamineWeights()
    {
        var fault = FaultSearch.NotFinite(Parameters, Parameters.Values) is { } weights
            ? $"the weights of {weights}"
            : FaultInOptimizer();
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
        Exchange.Dispose();
        MovingAverage?.Dispose();
    }

    private List<UpdateBatch> NextBatches(long update)
    {
        var batches = new List<UpdateBatch>();
        for (var i = 0; i < _options.Accumulate; i++)
        {
            var make = _cursor.Advance();
            var position = ((update * _options.Accumulate) + i) << 16;
            batches.Add(
                new UpdateBatch(make, _cursor.Epoch, part => CounterRandom.At(_seed, "dropout", position + part))
            );
        }

        return batches;
    }

    /// <summary>Computes this process's pieces of an update.</summary>
    private PieceSums Compute(List<UpdateBatch> batches)
    {
        var run = _share.Of(_group.Rank);
        var pieces = _replicas.Clock.TimeData(() => UpdateBatch.PiecesOf(batches, run, _share.Parts));
        var sums = _replicas.AddGradients(pieces, run.First, _share.Pieces, _options.LabelSmoothing);
        _replicas.WhileComputing(() => _cursor.Prepare(_share.BatchesOf(run)));
        return sums;
    }

    /// <summary>Makes an update, and has the moving average follow it.</summary>
    /// <returns>What it did to each sublayer, where that is to be measured.</returns>
    private IReadOnlyList<SublayerStatistics>? Make(long update, double rate, double scale, double meanScale)
    {
        IReadOnlyList<SublayerStatistics>? statistics = null;
        if (_options.StatisticsEvery > 0 && update % _options.StatisticsEvery == 0)
        {
            Exchange.GatherGradients();
            statistics = _meter.Measure(Step, meanScale);
        }
        else
        {
            Step();
        }

        MovingAverage?.Follow(State.Update - State.SkippedUpdates);
        return statistics;

        void Step() =>
            _branchFactors.Keep(() =>
            {
                _replicas.Clock.TimeOptimizer(() => Optimizer.Step(update, rate, scale));
                Exchange.GatherWeights();
            });
    }

    /// <summary>What in the optimizer's state is not finite, in words; null where all is in all processes.</summary>
    private string? FaultInOptimizer()
    {
        var isFinite = Optimizer.State.All(state => ForwardWatch.IsFinite(state.Values));
        if (_group.Gather<byte>([isFinite ? (byte)1 : (byte)0]).All(finite => finite == 1))
        {
            return null;
        }

        string? fault = null;
        foreach (var (name, values) in Optimizer.State)
        {
            var whole = Exchange.Whole(values);
            fault ??= FaultSearch.NotFinite(Parameters, whole) is { } place
                ? $"the optimizer's {name} of {place}"
                : null;
        }

        return fault;
    }

    private Incident Describe(IncidentKind kind, string cause, long update, List<UpdateBatch> batches)
    {
        FaultSearch.Fault fault;
        if (kind == IncidentKind.NotFinite)
        {
            // Every process computes all pieces, so that all find the same.
            fault = new FaultSearch(_replicas, _share.Parts, _options.LabelSmoothing).Find(batches);
        }
        else
        {
            Exchange.GatherGradients();
            fault = new FaultSearch.Fault(FaultSearch.LargestGradient(Parameters), batches);
        }

        return new Incident(
            kind,
            update,
            cause,
            fault.Where,
            [
                .. fault.Guilty.Select(batch => new OffendingBatch(
                    batch.Epoch,
                    BatchHash.Of([batch.Batch]),
                    batch.Batch.Examples
                )),
            ],
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
