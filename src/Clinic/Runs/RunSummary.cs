using System.Globalization;

namespace TransformerClinic.Runs;

/// <summary>A run's results in a few lines for a terminal.</summary>
internal static class RunSummary
{
    /// <summary>The lines, each ending with a line feed.</summary>
    public static string Text(RunResults results, string folder)
    {
        var perplexity =
            results.ValidationPerplexity?.ToString("0.00", CultureInfo.InvariantCulture) ?? "that is not finite";
        var lines = new List<string>
        {
            results.Verdict,
            $"training ended because {results.EndedBecause}",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{results.Updates:N0} updates, {results.Tokens:N0} target tokens, {results.Seconds:N0} seconds; the "
                    + $"mean of the {(results.Ema > 0 ? "moving averages of the " : "")}last {results.Averaged} "
                    + $"checkpoints has validation perplexity {perplexity}"
            ),
        };
        if (results.From is { } from)
        {
            lines.Insert(1, $"it began from {from}");
        }

        if (results.Bleu is { } bleu)
        {
            lines.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"BLEU {bleu:0.00} on the test set  {results.BleuSignature}"
                )
            );
        }

        lines.Add($"report: {Path.Combine(folder, RunFolder.ReportName)}");
        return string.Concat(lines.Select(line => line + "\n"));
    }
}
