using System.Diagnostics;
using TorchSharp;
using TransformerClinic.Web.Operation;

namespace TransformerClinic.Web.Batching;

/// <summary>
/// The threads that translate. One that is in the middle of a large request's batch looks between two steps of the
/// search whether small requests wait, and translates those first; no translation changes by that.
/// </summary>
internal sealed class BatchWorkers : IDisposable
{
    private readonly SentenceQueue _queue;
    private readonly ServiceMetrics _metrics;
    private readonly Thread[] _threads;

    /// <summary>Starts the threads.</summary>
    public BatchWorkers(SentenceQueue queue, ServiceMetrics metrics, int count)
    {
        (_queue, _metrics) = (queue, metrics);
        _threads =
        [
            .. Enumerable
                .Range(0, count)
                .Select(number => new Thread(Work) { IsBackground = true, Name = $"translator {number}" }),
        ];
        foreach (var thread in _threads)
        {
            thread.Start();
        }
    }

    /// <summary>Waits until everything that was put in line is translated.</summary>
    public void Dispose()
    {
        _queue.Close();
        foreach (var thread in _threads)
        {
            thread.Join();
        }
    }

    private void Work()
    {
        torch.set_num_threads(1);
        while (_queue.Take(out var isBulk) is { } batch)
        {
            // A small request that let others pass would wait for ever under load.
            Translate(batch, isBulk ? TranslateUrgent : null);
        }
    }

    private void TranslateUrgent()
    {
        if (_queue.TakeUrgent() is { } urgent)
        {
            Translate(urgent, betweenSteps: null);
        }
    }

    private void Translate(IReadOnlyList<SentenceJob> batch, Action? betweenSteps)
    {
        var began = Stopwatch.GetTimestamp();
        _metrics.OnBatch(batch, began);
        try
        {
            var translations = batch[0]
                .Translator.Translate([.. batch.Select(job => job.Sentence)], betweenSteps, CancellationToken.None);
            foreach (var (job, translation) in batch.Zip(translations))
            {
                job.Finish(translation);
            }
        }
#pragma warning disable CA1031 // Whoever waits for a sentence gets the exception; the thread lives on.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            foreach (var job in batch)
            {
                job.Fail(failure);
            }
        }

        _metrics.OnBatchDone(Stopwatch.GetElapsedTime(began));
    }
}
