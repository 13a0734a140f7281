using System.Globalization;
using Spectre.Console;
using TransformerClinic.Reproduction.Verification;
using TransformerClinic.Reproduction.Verification.Quantities;

namespace TransformerClinic.Cli.Output;

/// <summary>A verification on standard output: one quantity per line in aligned columns, the totals last.</summary>
internal static class VerificationTable
{
    public static void Write(VerificationReport report)
    {
        var console = SpectreConsole.OnStandardOutput();
        string[] heads = ["verdict", "quantity", "absolute", "relative", "tolerance", "detail"];
        string[][] rows = [heads, .. report.Quantities.Select(Row)];
        var widths = heads.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        foreach (var (i, row) in rows.Index())
        {
            var color = i == 0 ? "bold" : ColorOf(report.Quantities[i - 1].Verdict);
            var columns = row.Skip(1).Select((text, column) => text.PadRight(widths[column + 1]));
            var rest = Markup.Escape(string.Join("  ", columns).TrimEnd());
            console.MarkupLine($"[{color}]{row[0].PadRight(widths[0])}[/]  {rest}");
        }

        console.WriteLine(report.Summary);
    }

    private static string[] Row(Quantity quantity) =>
        [
            Word(quantity.Verdict),
            quantity.Name,
            Number(quantity.Absolute),
            Number(quantity.Relative),
            quantity.Tolerance.Length > 0 ? quantity.Tolerance : "-",
            quantity.Detail,
        ];

    private static string Word(Verdict verdict) =>
        verdict switch
        {
            Verdict.Holds => "holds",
            Verdict.Fails => "FAILS",
            Verdict.NotYet => "not yet",
            _ => "not compared",
        };

    private static string ColorOf(Verdict verdict) =>
        verdict switch
        {
            Verdict.Holds => "green",
            Verdict.Fails => "red",
            Verdict.NotYet => "yellow",
            _ => "grey",
        };

    private static string Number(double? value) =>
        value switch
        {
            null => "-",
            0 => "0",
            { } number => number.ToString("0.0e-00", CultureInfo.InvariantCulture),
        };
}
