using System.Numerics;
using System.Runtime.InteropServices;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Runs.Certificates;
using TransformerClinic.Training;
using TransformerClinic.Training.Distributed;
using static TorchSharp.torch;

namespace TransformerClinic.Workflows.Foldings;

/// <summary>
/// Compares the logits of a model with those of its folded form. The number of workers changes no figure.
/// </summary>
internal static class LogitComparer
{
    // The logits of a batch, in float64 and for two models at a time, are kept at once.
    private const int TokensPerBatch = 1000;

    /// <summary>
    /// Batches from all lengths of the examples: the middle one of each of this many equal parts, in order of length.
    /// </summary>
    public static IReadOnlyList<Batch> Choose(IReadOnlyList<ParallelExample> examples, int count)
    {
        var batches = new TokenBatches(examples, TokensPerBatch);
        var all = batches.InOrderOfLength();
        count = Math.Min(count, all.Count);
        return [.. Enumerable.Range(0, count).Select(i => batches.Make(all[((2 * i) + 1) * all.Count / (2 * count)]))];
    }

    /// <summary>Compares over some batches, without dropout.</summary>
    public static LogitComparison Compare(
        FoldedPair models,
        IReadOnlyList<Batch> batches,
        int threads,
        IProgress<(int Done, int Total)> progress,
        CancellationToken stop
    )
    {
        var found = new LogitComparison[batches.Count];
        using var workers = new WorkerThreads(threads);
        var done = 0;
        workers.ForEach(
            batches.Count,
            (_, item) =>
            {
                stop.ThrowIfCancellationRequested();
                found[item] = Compare(models, batches[item]);
                progress.Report((Interlocked.Increment(ref done), batches.Count));
            }
        );
        return found.Aggregate(
            (sum, next) =>
                new LogitComparison(
                    sum.Batches + next.Batches,
                    sum.Sentences + next.Sentences,
                    sum.Tokens + next.Tokens,
                    sum.Algebra.With(next.Algebra),
                    sum.Rounding.With(next.Rounding),
                    sum.InUse.With(next.InUse)
                )
        );
    }

    private static LogitComparison Compare(FoldedPair models, Batch batch)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var tokens = TensorBatch.Of(batch, CPU);
        var original = ModelReplicas.Logits(models.Original, tokens);
        var algebra = Difference<double>(original, ModelReplicas.Logits(models.Folded, tokens));
        var rounding = Difference<double>(original, ModelReplicas.Logits(models.Stored, tokens));
        var inUse = Difference<float>(
            ModelReplicas.Logits(models.Original32, tokens),
            ModelReplicas.Logits(models.Stored32, tokens)
        );
        return new LogitComparison(1, batch.Size, batch.TargetTokens, algebra, rounding, inUse);
    }

    /// <summary>How far two sets of logits are apart.</summary>
    internal static LogitDifference Difference<T>(Tensor expected, Tensor actual)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var left = MemoryMarshal.Cast<byte, T>(expected.bytes);
        var right = MemoryMarshal.Cast<byte, T>(actual.bytes);
        var (difference, largest) = (T.Zero, T.Zero);
        for (var i = 0; i < left.Length; i++)
        {
            if (T.IsNegativeInfinity(left[i]) && T.IsNegativeInfinity(right[i]))
            {
                continue; // a word that the output bias rules out
            }

            difference = T.Max(difference, T.Abs(left[i] - right[i]));
            largest = T.Max(largest, T.Abs(left[i]));
        }

        return new LogitDifference(double.CreateChecked(difference), double.CreateChecked(largest));
    }
}
