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
/// A model and its replicas, one for each worker thread: they share their weights, and each computes its part of every
/// batch. Sums are taken in a fixed order, so the same number of workers gives the same bytes.
/// </summary>
internal sealed class ModelReplicas : IDisposable
{
    private readonly Transformer[] _replicas;
    private readonly WorkerThreads _workers;
    private readonly Device _device;

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
    public ModelReplicas(
        Func<Transformer> create,
        int workers,
        Device device,
        bool bfloat16 = false,
        bool recompute = false
    )
    {
        (_device, Bfloat16) = (device, bfloat16);
        _replicas = [.. Enumerable.Range(0, workers).Select(_ => Move(create(), device))];
        Parameters = new FlatParameters(Model);
        foreach (var replica in _replicas.Skip(1))
        {
            Parameters.Attach(replica);
        }

        Recompute = recompute;
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

    /// <summary>Adds the gradient of a batch's summed loss to <see cref="FlatParameters.Gradients"/>.</summary>
    /// <param name="batch">The batch; each worker takes some of its rows.</param>
    /// <param name="smoothing">Label smoothing.</param>
    /// <param name="dropoutKey">The key of each worker's dropout masks.</param>
    /// <returns>The batch's loss and negative log-likelihood, summed over its target tokens.</returns>
    public (double Loss, double Nll) AddGradients(Batch batch, double smoothing, Func<int, ulong> dropoutKey)
    {
        var losses = new (double Loss, double Nll, double Forward, double Backward)[_replicas.Length];
        _workers.Run(worker =>
        {
            var start = Stopwatch.GetTimestamp();
            using var scope = NewDisposeScope();
            if (TensorBatch.Part(batch, worker, _replicas.Length, _device) is not { } part)
            {
                return;
            }

            var model = _replicas[worker];
            model.Dropout.Begin(dropoutKey(worker));
            model.ComputeIn(Bfloat16 ? ScalarType.BFloat16 : null);
            var logits = Logits(model, part);
            var loss = LabelSmoothedCrossEntropy.Evaluate(
                logits,
                part.Targets,
                smoothing,
                withGradient: true,
                model.Embeddings.RuledOut()
            );
            var forward = StepClock.Since(start);
            model.Recomputation.Backward(logits, loss.Gradient!);
            model.ComputeIn(null);
            model.Dropout.End();
            losses[worker] = (loss.Loss, loss.Nll, forward, StepClock.Since(start) - forward);
        });
        Clock.AddPasses(losses.Average(loss => loss.Forward), losses.Average(loss => loss.Backward));
        return (losses.Sum(loss => loss.Loss), losses.Sum(loss => loss.Nll));
    }

    /// <summary>
    /// Loss and negative log-likelihood of batches, summed over their target tokens, without dropout.
    /// </summary>
    public (double Loss, double Nll) Evaluate(IReadOnlyList<Batch> batches, double smoothing)
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
                    _replicas[worker].Embeddings.RuledOut()
                );
                losses[item] = (loss.Loss, loss.Nll);
            }
        );
        return (losses.Sum(loss => loss.Loss), losses.Sum(loss => loss.Nll));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _workers.Dispose();
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
        var hidden = model.Decode(batch.PreviousOutput, model.Encode(batch.Source));
        var real = hidden.view(-1, model.Options.Dim).index_select(0, batch.TargetPositions);
        return model.Project(real).MoveToOuterDisposeScope();
    }

    private static Transformer Move(Transformer model, Device device)
    {
        model.to(device);
        return model;
    }
}

/// <summary>One of the batches of an update, with all that computing it again needs.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="DropoutKey">The key of each worker's dropout masks.</param>
internal sealed record UpdatePart(Batch Batch, int Epoch, Func<int, ulong> DropoutKey);
