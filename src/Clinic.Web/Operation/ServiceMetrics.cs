using System.Diagnostics;
using System.Diagnostics.Metrics;
using TransformerClinic.Web.Batching;

namespace TransformerClinic.Web.Operation;

/// <summary>
/// What the service counts, as instruments of the meter <c>Clinic</c>: <c>/metrics</c> shows them to
/// Prometheus, and <c>dotnet-counters</c> or OpenTelemetry can listen from outside.
/// </summary>
internal sealed class ServiceMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Clinic";

    private readonly Meter _meter;
    private readonly Counter<long> _sentences;
    private readonly Counter<long> _subwords;
    private readonly Counter<long> _rejected;
    private readonly Histogram<double> _wait;
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _batchTime;

    /// <summary>The instruments.</summary>
    /// <param name="queue">The queue whose length is observed.</param>
    public ServiceMetrics(SentenceQueue queue)
    {
        _meter = new Meter(MeterName);
        _sentences = _meter.CreateCounter<long>("sentences", "{sentence}", "Sentences that were translated.");
        _subwords = _meter.CreateCounter<long>("source.subwords", "{subword}", "Subwords that were read.");
        _rejected = _meter.CreateCounter<long>(
            "rejected.requests",
            "{request}",
            "Requests that were refused, by reason."
        );
        _wait = _meter.CreateHistogram<double>("queue.wait.seconds", "s", "Time that sentences wait for a batch.");
        _batchSize = _meter.CreateHistogram<int>("batch.sentences", "{sentence}", "Sentences of a batch.");
        _batchTime = _meter.CreateHistogram<double>("batch.seconds", "s", "Time that a batch takes.");
        _meter.CreateObservableGauge("queue.subwords", () => queue.Tokens, "{subword}", "Subwords that wait.");
        _meter.CreateObservableGauge(
            "queue.capacity.subwords",
            () => queue.Capacity,
            "{subword}",
            "Subwords that may wait."
        );
    }

    /// <summary>A batch begins.</summary>
    /// <param name="batch">Its sentences.</param>
    /// <param name="now">The time, by <see cref="Stopwatch.GetTimestamp"/>.</param>
    public void OnBatch(IReadOnlyList<SentenceJob> batch, long now)
    {
        _batchSize.Record(batch.Count);
        foreach (var job in batch)
        {
            _wait.Record(Stopwatch.GetElapsedTime(job.Since, now).TotalSeconds);
        }

        _sentences.Add(batch.Count);
        _subwords.Add(batch.Sum(job => job.Length));
    }

    /// <summary>A batch is done.</summary>
    public void OnBatchDone(TimeSpan time) => _batchTime.Record(time.TotalSeconds);

    /// <summary>A request was refused.</summary>
    /// <param name="reason">In a word: <c>queue</c>, <c>rate</c>, <c>key</c>, <c>size</c>.</param>
    public void OnRejected(string reason) => _rejected.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>Whether an instrument is one of these.</summary>
    public bool Owns(Instrument instrument) => instrument.Meter == _meter;

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
