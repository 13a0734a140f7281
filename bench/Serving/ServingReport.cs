using System.Globalization;

namespace TransformerClinic.Bench.Serving;

/// <summary>Prints what was measured, a line each.</summary>
internal sealed class ServingReport(TextWriter output, int? process)
{
    /// <summary>How many serial answers are what the command made.</summary>
    public void WriteSameness(int lines, int same) =>
        output.WriteLine($"serial answers: {same} of {lines} are the bytes of clinic translate");

    /// <summary>A load.</summary>
    public void Write(Load load) =>
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{load.Connections, 3} connections: {load.Latencies.Length} requests, {load.Errors} errors, "
            )
                + string.Create(
                    CultureInfo.InvariantCulture,
                    $"{load.Different} different answers, {load.Latencies.Length / load.Seconds:0.0} per second, "
                )
                + string.Create(
                    CultureInfo.InvariantCulture,
                    $"p50 {load.Quantile(0.5):0.0} ms, p99 {load.Quantile(0.99):0.0} ms{Memory()}"
                )
        );

    /// <summary>Single sentences without and with a document next to them.</summary>
    public void WriteNextToDocument(Load alone, Load next)
    {
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"single sentences alone: p50 {alone.Quantile(0.5):0.0} ms, p99 {alone.Quantile(0.99):0.0} ms"
            )
        );
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"next to the document ({next.Seconds:0.0} s): {next.Latencies.Length} sentences, "
                    + $"p50 {next.Quantile(0.5):0.0} ms, p99 {next.Quantile(0.99):0.0} ms, "
                    + $"{next.Quantile(0.99) / alone.Quantile(0.99):0.00} times, {next.Different} different answers"
            )
        );
    }

    private string Memory() =>
        process is { } id
            ? string.Create(CultureInfo.InvariantCulture, $", {Resident(id) / 1024.0:0.0} MiB resident")
            : "";

    /// <summary>Kilobytes of a process in memory, as Linux counts them.</summary>
    private static long Resident(int id) =>
        long.Parse(
            File.ReadLines($"/proc/{id}/status")
                .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
            CultureInfo.InvariantCulture
        );
}
