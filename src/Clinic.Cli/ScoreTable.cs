using Spectre.Console;
using TransformerClinic.Cli.Commands;
using TransformerClinic.Files;
using TransformerClinic.Scoring;
using TransformerClinic.Scoring.Significance;
using TransformerClinic.Text;

namespace TransformerClinic.Cli;

/// <summary>Scores of corpora on standard output: a line a score of one system, a table of several, or JSON.</summary>
internal static class ScoreTable
{
    private const double Significant = 0.05;

    private sealed record OneBleu(double Bleu, string Signature, double[] Precisions, double BrevityPenalty, long HypothesisLength, long ReferenceLength);

    private sealed record SystemScores(string System, IReadOnlyList<SystemScore> Scores);

    private sealed record AllScores(int Lines, int References, IReadOnlyList<SystemScores> Systems);

    public static void Write(ScoredTexts texts, IReadOnlyList<IMetric> metrics, SignificanceOptions? test, bool json)
    {
        if (json && test is null && texts.Systems is [var only] && metrics is [BleuMetric metric])
        {
            var bleu = metric.CorpusScore(only.Lines, texts.References);
            Console.Out.Write(Json.Text(new OneBleu(bleu.Score, bleu.Signature, bleu.Precisions, bleu.BrevityPenalty, bleu.HypothesisLength, bleu.ReferenceLength)));
            return;
        }

        var byMetric = metrics.Select(metric => Of(texts, metric, test)).ToList();
        List<SystemScores> systems = [.. texts.Systems.Select((system, i) => new SystemScores(system.Name, [.. byMetric.Select(scores => scores[i])]))];
        if (json)
        {
            Console.Out.Write(Json.Text(new AllScores(texts.Systems[0].Lines.Count, texts.References.Count, systems)));
        }
        else if (systems is [var one])
        {
            Console.Out.Write(string.Concat(one.Scores.Select(score => $"{score.Metric} {Cell(score)}  {score.Signature}\n")));
        }
        else
        {
            WriteTable(systems, metrics, test);
        }
    }

    private static IReadOnlyList<SystemScore> Of(ScoredTexts texts, IMetric metric, SignificanceOptions? test) => test is null
        ? [.. texts.Systems.Select(system => metric.Corpus(system.Lines, [.. texts.References])).Select(score => new SystemScore(score.Name, score.Score, score.Signature))]
        : PairedTest.Run(metric, [.. texts.Systems.Select(system => system.Lines)], texts.References, test);

    private static void WriteTable(IReadOnlyList<SystemScores> systems, IReadOnlyList<IMetric> metrics, SignificanceOptions? test)
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

        var console = SpectreConsole.Create(Console.Out, Console.IsOutputRedirected);
        console.Write(table);
        foreach (var score in systems[0].Scores)
        {
            console.WriteLine($"{score.Metric}  {score.Signature}");
        }

        if (test is not null)
        {
            var first = VisibleText.OnTerminal(systems[0].System);
            console.WriteLine($"p: how often chance alone makes a difference from {first} as large or larger; "
                + $"* is below {Significant:0.00}. In brackets: mean of samples, 95 % confidence.");
        }
    }

    private static string Cell(SystemScore score)
    {
        var interval = score is { Mean: { } mean, Interval: { } width } ? FormattableString.Invariant($" ({mean:0.00} ± {width:0.00})") : "";
        var p = score.PValue is { } value ? FormattableString.Invariant($", p = {value:0.0000}{(value < Significant ? "*" : "")}") : "";
        return FormattableString.Invariant($"{score.Score:0.00}{interval}{p}");
    }
}
