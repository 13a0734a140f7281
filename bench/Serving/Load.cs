using System.Diagnostics;

namespace TransformerClinic.Bench.Serving;

/// <summary>What a load found.</summary>
/// <param name="Connections">Clients at the same time; each waits for its answer before it asks again.</param>
/// <param name="Seconds">From the first request to the last answer.</param>
/// <param name="Latencies">Milliseconds of each request.</param>
/// <param name="Errors">Requests that were not answered with a translation.</param>
/// <param name="Different">Answers that were not the same as the serial ones.</param>
internal sealed record Load(int Connections, double Seconds, double[] Latencies, int Errors, int Different)
{
    /// <summary>Sends requests over some connections at the same time.</summary>
    public static async Task<Load> RunAsync(
        ServiceClient client,
        string[] lines,
        string[] answers,
        int connections,
        int requests
    )
    {
        var (next, errors, different) = (-1, 0, 0);
        var latencies = new double[requests];
        async Task Ask()
        {
            for (var i = Interlocked.Increment(ref next); i < requests; i = Interlocked.Increment(ref next))
            {
                var began = Stopwatch.GetTimestamp();
                try
                {
                    if (await client.TranslateAsync(lines[i % lines.Length]) != answers[i % lines.Length])
                    {
                        Interlocked.Increment(ref different);
                    }
                }
                catch (HttpRequestException)
                {
                    Interlocked.Increment(ref errors);
                }

                latencies[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            }
        }

        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Ask()));
        return new Load(connections, watch.Elapsed.TotalSeconds, latencies, errors, different);
    }

    /// <summary>Single sentences, one after another, for as long as a document of many lines is translated.</summary>
    public static async Task<Load> RunNextToDocumentAsync(
        ServiceClient client,
        string[] lines,
        string[] answers,
        int documentLines
    )
    {
        var text = string.Join('\n', Enumerable.Range(0, documentLines).Select(i => lines[i % lines.Length]));
        var expected = string.Join('\n', Enumerable.Range(0, documentLines).Select(i => answers[i % lines.Length]));
        var document = client.TranslateAsync(text);
        var latencies = new List<double>();
        var different = 0;
        var watch = Stopwatch.StartNew();
        for (var i = 0; !document.IsCompleted; i++)
        {
            var began = Stopwatch.GetTimestamp();
            different += await client.TranslateAsync(lines[i % lines.Length]) == answers[i % lines.Length] ? 0 : 1;
            latencies.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        different += await document == expected ? 0 : 1;
        return new Load(1, watch.Elapsed.TotalSeconds, [.. latencies], 0, different);
    }

    /// <summary>A quantile of the latencies, in milliseconds.</summary>
    public double Quantile(double share)
    {
        double[] sorted = [.. Latencies.Order()];
        return sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
    }
}
