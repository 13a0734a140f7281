using System.Globalization;
using Spectre.Console;
using TransformerClinic.Cli.Commands;
using TransformerClinic.Files;
using TransformerClinic.Scoring;

namespace TransformerClinic.Cli;

/// <summary>Scores of corpora on standard output: a line a score of one system, a table of several, or JSON.</summary>
internal static class ScoreTable
{
    private sealed record OneBleu(double Bleu, string Signature, double[] Precisions, double BrevityPenalty, long HypothesisLength, long ReferenceLength);

    private sealed record SystemScores(string System, IReadOnlyList<SystemScore> Scores);

    private sealed record AllScores(int Lines, int References, IReadOnlyList<SystemScores> Systems);

    public static void Write(ScoredTexts texts, IReadOnlyList<IMetric> metrics, bool json)
    {
        if (json && texts.Systems is [var only] && metrics is [BleuMetric metric])
        {
            var bleu = metric.CorpusScore(only.Lines, texts.References);
            Console.Out.Write(Json.Text(new OneBleu(bleu.Score, bleu.Signature, bleu.Precisions, bleu.BrevityPenalty, bleu.HypothesisLength, bleu.ReferenceLength)));
            return;
        }

        var scores = Of(texts, metrics);
        if (json)
        {
            Console.Out.Write(Json.Text(new AllScores(texts.Systems[0].Lines.Count, texts.References.Count, scores)));
        }
        else if (scores is [var one])
        {
            Console.Out.Write(string.Concat(one.Scores.Select(score => FormattableString.Invariant($"{score.Metric} {score.Score:0.00}  {score.Signature}\n"))));
        }
        else
        {
            WriteTable(scores);
        }
    }

    private static List<SystemScores> Of(ScoredTexts texts, IReadOnlyList<IMetric> metrics) =>
    [
        .. texts.Systems.Select(system => new SystemScores(system.Name, [.. metrics.Select(metric => metric.Corpus(system.Lines, [.. texts.References]))
            .Select(score => new SystemScore(score.Name, score.Score, score.Signature))])),
    ];

    private static void WriteTable(IReadOnlyList<SystemScores> systems)
    {
        var table = new Table().AddColumn("system");
        foreach (var score in systems[0].Scores)
        {
            table.AddColumn(score.Metric);
        }

        foreach (var system in systems)
        {
            table.AddRow([Markup.Escape(system.System), .. system.Scores.Select(score => score.Score.ToString("0.00", CultureInfo.InvariantCulture))]);
        }

        var console = SpectreConsole.Create(Console.Out, Console.IsOutputRedirected);
        console.Write(table);
        foreach (var score in systems[0].Scores)
        {
            console.WriteLine($"{score.Metric}  {score.Signature}");
        }
    }
}
