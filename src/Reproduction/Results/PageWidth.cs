using System.Text;

namespace TransformerClinic.Reproduction.Results;

/// <summary>Ends the lines of a Markdown page at 120 columns; rows of tables and code stay as they are.</summary>
internal static class PageWidth
{
    private const int Columns = 120;
    private const string Quote = "> ";

    /// <summary>Breaks lines that are too long at their spaces. A quotation stays one in every line of it.</summary>
    public static string Wrap(string page)
    {
        var isCode = false;
        return string.Join('\n', page.Split('\n').SelectMany(Lines));

        IEnumerable<string> Lines(string line)
        {
            isCode ^= line.StartsWith("```", StringComparison.Ordinal);
            return isCode || line.StartsWith('|') || line.Length <= Columns ? [line] : Broken(line);
        }
    }

    private static IEnumerable<string> Broken(string line)
    {
        var quote = line.StartsWith(Quote, StringComparison.Ordinal) ? Quote : "";
        var current = new StringBuilder();
        foreach (var word in line[quote.Length..].Split(' '))
        {
            if (current.Length > 0 && quote.Length + current.Length + 1 + word.Length > Columns)
            {
                yield return quote + current;
                current.Clear();
            }

            current.Append(current.Length > 0 ? " " : "").Append(word);
        }

        yield return quote + current;
    }
}
