using System.Globalization;
using Spectre.Console;
using TransformerClinic.Reproduction.Verification;
using TransformerClinic.Reproduction.Verification.Quantities;

namespace TransformerClinic.Cli;

/// <summary>A verification on standard output: one quantity a line in aligned columns, the totals last.</summary>
internal static class VerificationTable
{
    public static void Write(VerificationReport report)
    {
        var console = SpectreConsole.Create(Console.Out, Console.IsOutputRedirected);
        string[][] rows = [["verdict", "quantity", "absolute", "relative", "tolerance", "detail"], .. report.Quantities.Select(Row)];
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var (i, row) in rows.Index())
        {
            var colour = i == 0 ? "bold" : Colour(report.Quantities[i - 1].Verdict);
            var columns = row.Skip(1).Select((text, column) => text.PadRight(widths[column + 1]));
            console.MarkupLine($"[{colour}]{row[0].PadRight(widths[0])}[/]  {Markup.Escape(string.Join("  ", columns).TrimEnd())}");
        }

        console.WriteLine(report.Summary);
    }

    private static string[] Row(Quantity quantity) =>
        [Word(quantity.Verdict), quantity.Name, Number(quantity.Absolute), Number(quantity.Relative), quantity.Tolerance.Length > 0 ? quantity.Tolerance : "-", quantity.Detail];

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Holds => "holds",
        Verdict.Fails => "FAILS",
        Verdict.NotYet => "not yet",
        _ => "not compared",
    };

    private static string Colour(Verdict verdict) => verdict switch
    {
        Verdict.Holds => "green",
        Verdict.Fails => "red",
        Verdict.NotYet => "yellow",
        _ => "grey",
    };

    private static string Number(double? value) => value switch
    {
        null => "-",
        0 => "0",
        { } number => number.ToString("0.0e-00", CultureInfo.InvariantCulture),
    };
}
