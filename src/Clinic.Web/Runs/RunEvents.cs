using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using TransformerClinic.Runs;
using TransformerClinic.Web.Operation;

namespace TransformerClinic.Web.Runs;

/// <summary>
/// What happens in a run, as events: <c>line</c>, a line of its log, whose id is the place after it; <c>rewind</c>, the
/// place after the last line that still counts; <c>state</c>, how the run stands, after the lines that there are and
/// then as a heartbeat. They end when the client leaves or the service stops.
/// </summary>
internal sealed class RunEvents(RunReader reader, ServiceActivity activity, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(2);
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The events of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="from">The place up to which the client knows the log.</param>
    /// <param name="stop">Canceled when the client leaves.</param>
    public async IAsyncEnumerable<SseItem<string>> Of(
        RunPlace run,
        LogPosition from,
        [EnumeratorCancellation] CancellationToken stop
    )
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(stop, lifetime.ApplicationStopping);
        var tail = new LogTail(Path.Combine(run.Folder, RunFolder.LogName), from);
        var sinceState = TimeSpan.MaxValue;
        while (!linked.IsCancellationRequested && !activity.IsDraining)
        {
            var news = tail.Read();
            if (news.BackTo is { } place)
            {
                yield return new SseItem<string>(place.ToString(), "rewind") { EventId = place.ToString() };
            }

            foreach (var line in news.Lines.Where(line => IsShown(line.Text)))
            {
                yield return new SseItem<string>(line.Text, "line") { EventId = line.End.ToString() };
            }

            if (!news.IsEmpty)
            {
                sinceState = TimeSpan.MaxValue;
                continue; // there may be more
            }

            if (sinceState >= Heartbeat)
            {
                yield return new SseItem<string>(JsonSerializer.Serialize(reader.Describe(run), Web), "state");
                sinceState = TimeSpan.Zero;
            }

            await Task.Delay(Pause, linked.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            sinceState += Pause;
        }
    }

    /// <summary>Measurements of every sublayer are long and are for the report of the run.</summary>
    private static bool IsShown(string line) =>
        LogLines.Parse(line) is { Kind: not (LogKind.Sublayers or LogKind.Diagnosis) };
}
