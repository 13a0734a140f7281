using Spectre.Console;
using TransformerClinic.Common;
using TransformerClinic.Scoring;
using TransformerClinic.Scoring.Significance;
using TransformerClinic.Text;

namespace TransformerClinic.Cli.Output;

/// <summary>Scores of corpora on standard output: one line per score for one system, a table for several.</summary>
internal static class ScoreTable
{
    private const double Significant = 0.05;

    public static void Write(
        IReadOnlyList<SystemScores> systems,
        IReadOnlyList<IMetric> metrics,
        SignificanceOptions? test
    )
    {
        if (systems is [var one])
        {
            var lines = one.Scores.Select(score => $"{score.Metric} {Cell(score)}  {score.Signature}\n");
            Console.Out.Write(string.Concat(lines));
        }
        else
        {
            WriteTable(systems, metrics, test);
        }
    }

    private static void WriteTable(
        IReadOnlyList<SystemScores> systems,
        IReadOnlyList<IMetric> metrics,
        SignificanceOptions? test
    )
    {
        var table = new Table().AddColumn("system");
        foreach (var metric in metrics)
        {
            table.AddColumn(metric.HigherIsBetter ? metric.Name : $"{metric.Name} (lower is better)");
        }

        foreach (var system in systems)
        {
            table.AddRow([SpectreConsole.Cell(system.System), .. system.Scores.Select(Cell)]);
        }

        var console = SpectreConsole.OnStandardOutput();
        console.Write(table);
        foreach (var score in systems[0].Scores)
        {
            console.WriteLine($"{score.Metric}  {score.Signature}");
        }

        if (test is not null)
        {
            var first = VisibleText.OnTerminal(systems[0].System);
            console.WriteLine(
                $"p: how often chance alone gives a difference from {first} at least this large; * is below "
                    + $"{Significant:0.00}. In brackets: mean of samples, 95 % confidence."
            );
        }
    }

    private static string Cell(SystemScore score)
    {
        var interval = score is { Mean: { } mean, Interval: { } width }
            ? $" ({Numbers.Score(mean)} ± {Numbers.Score(width)})"
            : "";
        var p = score.PValue is { } value ? $", p = {Numbers.PValue(value)}{(value < Significant ? "*" : "")}" : "";
        return $"{Numbers.Score(score.Score)}{interval}{p}";
    }
}
