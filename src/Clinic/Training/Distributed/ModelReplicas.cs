using System.Diagnostics;
using TorchSharp;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Model;
using TransformerClinic.Training.Loss;
using TransformerClinic.Training.Optimizers;
using TransformerClinic.Training.Statistics;
using static TorchSharp.torch;

namespace TransformerClinic.Training.Distributed;

/// <summary>
/// A model and its replicas, one for each worker thread: they share their weights, and each computes some pieces of an
/// update. Sums are taken in the order of the pieces' <see cref="PieceTree"/>, so any number of workers gives the same
/// bytes.
/// </summary>
internal sealed class ModelReplicas : IDisposable
{
    private readonly Transformer[] _replicas;
    private readonly WorkerThreads _workers;
    private readonly PieceGradients _gradients;
    private readonly Device _device;
    private readonly bool _byOperators;

    /// <summary>Builds a model and its replicas.</summary>
    /// <param name="create">
    /// Builds the model; called once for each worker and expected to give the same weights.
    /// </param>
    /// <param name="workers">Worker threads; 1 on a GPU.</param>
    /// <param name="device">Where the models live.</param>
    /// <param name="bfloat16">
    /// Whether training computes the matrix products of branches in bfloat16. Validation always computes in float32.
    /// </param>
    /// <param name="recompute">
    /// Whether training computes layers again in the backward pass instead of keeping their activations: the same bits
    /// in less memory and more time.
    /// </param>
    /// <param name="byOperators">
    /// Whether the processor, too, computes by libtorch's operators, as other devices do, without kernels of ours: to
    /// compare the two.
    /// </param>
    public ModelReplicas(
        Func<Transformer> create,
        int workers,
        Device device,
        bool bfloat16 = false,
        bool recompute = false,
        bool byOperators = false
    )
    {
        (_device, _byOperators, Bfloat16) = (device, byOperators, bfloat16);
        _replicas = [.. Enumerable.Range(0, workers).Select(_ => Move(create(), device))];
        Parameters = new FlatParameters(Model);
        foreach (var replica in _replicas.Skip(1))
        {
            Parameters.Attach(replica);
        }

        Array.ForEach(_replicas, replica => replica.Dropout.ByOperators = byOperators);
        Recompute = recompute;
        _gradients = new PieceGradients(
            Parameters.GradientsOfEach,
            Parameters.Stretches(slot => SublayerAddress.OfPath(slot.Name) is null)
        );
        NativeRuntime.GiveBackFreedMemory(); // each replica had weights of its own
        _workers = new WorkerThreads(workers);
    }

    /// <summary>The first of the replicas.</summary>
    public Transformer Model => _replicas[0];

    /// <summary>The replicas, one a worker.</summary>
    public IReadOnlyList<Transformer> Models => _replicas;

    /// <summary>The weights that all replicas share, and their gradients.</summary>
    public FlatParameters Parameters { get; }

    /// <summary>Where the models live.</summary>
    public Device Device => _device;

    /// <summary>Where the time of training goes.</summary>
    public StepClock Clock { get; } = new();

    /// <summary>
    /// Whether training computes the matrix products of branches in bfloat16; a benchmark switches it between updates.
    /// </summary>
    public bool Bfloat16 { get; internal set; }

    /// <summary>
    /// Whether training computes layers again in the backward pass; a benchmark switches it between updates.
    /// </summary>
    public bool Recompute
    {
        get => Model.Recomputation.Active;
        internal set => Array.ForEach(_replicas, replica => replica.Recomputation.Active = value);
    }

    /// <summary>
    /// Adds up the gradients of the summed losses of pieces; where they are a whole update, their sum is in
    /// <see cref="FlatParameters.Gradients"/>.
    /// </summary>
    /// <param name="pieces">Neighboring pieces of an update, which the workers share.</param>
    /// <param name="first">The number of the first one.</param>
    /// <param name="of">All pieces of the update.</param>
    /// <param name="smoothing">Label smoothing.</param>
    /// <returns>The loss of each piece, and the gradients as far as they can be added up.</returns>
    public PieceSums AddGradients(IReadOnlyList<Piece> pieces, int first, int of, double smoothing)
    {
        var losses = new PendingLoss[pieces.Count];
        var times = new (double Forward, double Backward)[_replicas.Length];
        _gradients.Begin();
        for (var start = 0; start < pieces.Count; start += _replicas.Length)
        {
            var (begin, count) = (start, Math.Min(_replicas.Length, pieces.Count - start));
            _workers.Run(worker =>
            {
                if (worker < count)
                {
                    losses[begin + worker] = PutGradient(worker, pieces[begin + worker], smoothing, ref times[worker]);
                }
            });
            var isLast = begin + count == pieces.Count;
            Clock.TimeOptimizer(() => _gradients.Take(first + begin, count, of, isLast));
        }

        Clock.AddPasses(times.Average(time => time.Forward), times.Average(time => time.Backward));
        return new PieceSums(losses, _gradients.Sums, _gradients.Squares);
    }

    /// <summary>
    /// Puts the gradient of a batch's summed loss into <see cref="FlatParameters.Gradients"/>; each worker takes some
    /// of its rows.
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <param name="smoothing">Label smoothing.</param>
    /// <param name="dropoutKey">The key of each worker's dropout masks.</param>
    /// <returns>The batch's loss and negative log-likelihood, summed over its target tokens.</returns>
    public (double Loss, double Nll) AddGradients(Batch batch, double smoothing, Func<int, ulong> dropoutKey)
    {
        var parts = _replicas.Length;
        var pieces = new UpdateBatch(() => batch, 0, dropoutKey).Pieces(0, parts, parts);
        var (loss, nll, _) = PieceLoss.Sum(AddGradients([.. pieces], 0, parts, smoothing).Losses, parts);
        return (loss, nll);
    }

    /// <summary>
    /// Makes data while a device computes what it was given; the processor, which computes itself, gains nothing by it.
    /// </summary>
    public void WhileComputing(Action makeData)
    {
        if (_device.type != DeviceType.CPU || _byOperators)
        {
            Clock.TimeData(makeData);
        }
    }

    /// <summary>Does some work on the first worker, where libtorch divides no operation among threads.</summary>
    public T OnOneThread<T>(Func<T> work)
    {
        var result = default(T);
        _workers.Run(worker =>
        {
            if (worker == 0)
            {
                result = work();
            }
        });
        return result!;
    }

    /// <summary>
    /// Loss and negative log-likelihood of batches, summed over their target tokens, without dropout.
    /// </summary>
    public (double Loss, double Nll) Evaluate(IReadOnlyList<Batch> batches, double smoothing)
    {
        var losses = EvaluateEach(batches, smoothing);
        return (losses.Sum(loss => loss.Loss), losses.Sum(loss => loss.Nll));
    }

    /// <summary>The same of each batch.</summary>
    public IReadOnlyList<(double Loss, double Nll)> EvaluateEach(IReadOnlyList<Batch> batches, double smoothing)
    {
        var losses = new (double Loss, double Nll)[batches.Count];
        _workers.ForEach(
            batches.Count,
            (worker, item) =>
            {
                using var scope = NewDisposeScope();
                using var noGradient = no_grad();
                var batch = TensorBatch.Of(batches[item], _device);
                var loss = LabelSmoothedCrossEntropy.Evaluate(
                    Logits(_replicas[worker], batch),
                    batch.Targets,
                    smoothing,
                    withGradient: false,
                    _replicas[worker].Embeddings.RuledOut(),
                    _byOperators
                );
                losses[item] = (loss.Loss, loss.Nll);
            }
        );
        return losses;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _workers.Dispose();
        _gradients.Dispose();
        Parameters.Dispose();
        foreach (var replica in _replicas)
        {
            replica.Dispose();
        }
    }

    /// <summary>Logits of the real target tokens, <c>[tokens, vocabulary]</c>.</summary>
    internal static Tensor Logits(Transformer model, TensorBatch batch)
    {
        using var scope = NewDisposeScope();
        var memory = model.Encode(batch.Source, batch.SourceIsPadded);
        var hidden = model.Decode(batch.PreviousOutput, memory, batch.PreviousOutputIsPadded);
        var all = hidden.view(-1, model.Options.Dim);
        var real = batch.Targets.numel() == all.size(0) ? all : all.index_select(0, batch.TargetPositions);
        return model.Project(real).MoveToOuterDisposeScope();
    }

    /// <summary>Puts the gradient of a piece into the worker's own.</summary>
    private PendingLoss PutGradient(
        int worker,
        Piece piece,
        double smoothing,
        ref (double Forward, double Backward) time
    )
    {
        var start = Stopwatch.GetTimestamp();
        using var scope = NewDisposeScope();
        if (TensorBatch.Part(piece.Batch, piece.Part, piece.Parts, _device) is not { } part)
        {
            _gradients.Clear(worker);
            return default;
        }

        var model = _replicas[worker];
        model.Dropout.Begin(piece.DropoutKey);
        model.ComputeIn(Bfloat16 ? ScalarType.BFloat16 : null);
        var logits = Logits(model, part);
        var loss = LabelSmoothedCrossEntropy.Evaluate(
            logits,
            part.Targets,
            smoothing,
            withGradient: true,
            model.Embeddings.RuledOut(),
            _byOperators,
            inPlace: true
        );
        _gradients.Clear(worker, exceptLayers: model.FillGradientsOfLayers());
        var forward = StepClock.Since(start);
        model.Recomputation.Backward(logits, loss.Gradient!);
        model.ComputeIn(null);
        model.Dropout.End();
        time = (time.Forward + forward, time.Backward + StepClock.Since(start) - forward);
        return new PendingLoss(loss.Sums.DetachFromDisposeScope(), checked((int)part.Targets.numel()));
    }

    private static Transformer Move(Transformer model, Device device)
    {
        model.to(device);
        return model;
    }
}
