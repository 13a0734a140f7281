using System.Globalization;
using System.Text;
using TransformerClinic.Cli.Commands;
using TransformerClinic.Files;
using TransformerClinic.Scoring;
using TransformerClinic.Text;

namespace TransformerClinic.Cli;

/// <summary>The scores of every line on standard output, as columns with tabs between them or as JSON.</summary>
internal static class SentenceScores
{
    private sealed record Line(string System, int Number, IReadOnlyDictionary<string, double> Scores);

    private sealed record Lines(IReadOnlyDictionary<string, string> Signatures, IReadOnlyList<Line> Sentences);

    public static void Write(ScoredTexts texts, IReadOnlyList<IMetric> metrics, bool json)
    {
        IReadOnlyList<IMetric> forSentences = [.. metrics.Select(metric => metric.ForSentences)];
        var signatures = forSentences.ToDictionary(metric => metric.Name, metric => MetricSignature.Of(metric.Settings, texts.References.Count), StringComparer.Ordinal);
        List<Line> lines =
        [
            .. from system in texts.Systems
               from line in Enumerable.Range(0, system.Lines.Count)
               let references = texts.References.Select(reference => reference[line]).ToList()
               select new Line(system.Name, line + 1, forSentences.ToDictionary(metric => metric.Name, metric => metric.Score(metric.Count(system.Lines[line], references)), StringComparer.Ordinal)),
        ];
        if (json)
        {
            Console.Out.Write(Json.Text(new Lines(signatures, lines)));
            return;
        }

        foreach (var (name, signature) in signatures)
        {
            Console.Error.WriteLine($"{name}  {signature}");
        }

        Console.Out.Write(Table(lines, forSentences));
    }

    private static string Table(List<Line> lines, IReadOnlyList<IMetric> metrics)
    {
        var text = new StringBuilder(TabSeparated.Row(["system", "line", .. metrics.Select(metric => metric.Name)]));
        foreach (var line in lines)
        {
            var scores = metrics.Select(metric => line.Scores[metric.Name].ToString("0.00", CultureInfo.InvariantCulture));
            var system = VisibleText.OnTerminal(line.System);
            text.Append(TabSeparated.Row([system, line.Number.ToString(CultureInfo.InvariantCulture), .. scores]));
        }

        return text.ToString();
    }
}
