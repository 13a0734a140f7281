using System.Globalization;
using System.Text;
using TransformerClinic.Files;
using TransformerClinic.Text;

namespace TransformerClinic.Cli.Output;

/// <summary>
/// The scores of every line on standard output, as columns separated by tabs; the signatures on standard error.
/// </summary>
internal static class SentenceTable
{
    public static void Write(SentenceScores scores)
    {
        foreach (var (name, signature) in scores.Signatures)
        {
            Console.Error.WriteLine($"{name}  {signature}");
        }

        Console.Out.Write(Text(scores.Sentences, [.. scores.Signatures.Keys]));
    }

    private static string Text(IReadOnlyList<SentenceScore> sentences, string[] metrics)
    {
        var text = new StringBuilder(TabSeparated.Row(["system", "line", .. metrics]));
        foreach (var sentence in sentences)
        {
            var system = VisibleText.OnTerminal(sentence.System);
            var number = sentence.Number.ToString(CultureInfo.InvariantCulture);
            var scores = metrics.Select(name => sentence.Scores[name].ToString("0.00", CultureInfo.InvariantCulture));
            text.Append(TabSeparated.Row([system, number, .. scores]));
        }

        return text.ToString();
    }
}
