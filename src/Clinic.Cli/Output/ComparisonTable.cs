using System.Globalization;
using Spectre.Console;
using TransformerClinic.Model;
using TransformerClinic.Runs;
using TransformerClinic.Workflows;

namespace TransformerClinic.Cli.Output;

/// <summary>A comparison as a table on standard output.</summary>
internal static class ComparisonTable
{
    public static void Write(ComparisonResults results, string folder)
    {
        var table = new Table().AddColumns(
            "variant",
            "seed",
            "validation loss",
            "perplexity",
            "BLEU",
            "updates",
            "seconds",
            "outcome"
        );
        foreach (var run in results.Runs)
        {
            table.AddRow(
                run.Variant.Key(),
                run.Seed.ToString(CultureInfo.InvariantCulture),
                Number(run.Results.ValidationLoss, "0.000"),
                Number(run.Results.ValidationPerplexity, "0.0"),
                Number(run.Results.Bleu, "0.00"),
                Number(run.Results.Updates, "0"),
                Number(run.Results.Seconds, "0"),
                Markup.Escape(run.Results.Outcome.ToString())
            );
        }

        var console = SpectreConsole.OnStandardOutput();
        console.Write(table);
        console.WriteLine($"page: {Path.Combine(folder, ComparisonRun.PageName)}");
    }

    private static string Number(double? value, string format) =>
        value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
