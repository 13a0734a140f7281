using System.Text;
using System.Text.RegularExpressions;

namespace TransformerClinic.Documents.Formats.Markdown;

/// <summary>Writes text so that Markdown reads it as text.</summary>
internal static partial class MarkdownText
{
    /// <summary>Text with a backslash before each character that would be markup.</summary>
    /// <param name="text">The text.</param>
    /// <param name="atStart">Whether it begins a line, where more characters are markup.</param>
    /// <param name="inTable">Whether it is in a cell of a table.</param>
    public static string Escaped(string text, bool atStart, bool inTable)
    {
        var line = Breaks().Replace(text, " ");
        var formulas = line.Count('$'.Equals) > 1;
        var strikes = line.Contains("~~", StringComparison.Ordinal);
        var result = new StringBuilder(line.Length);
        for (var i = 0; i < line.Length; i++)
        {
            var isMarkup = line[i] switch
            {
                '\\' or '`' or '*' or '[' or ']' or '<' => true,
                '_' => !IsInWord(line, i),
                '|' => inTable,
                '$' => formulas,
                '~' => strikes,
                '&' => Reference().IsMatch(line.AsSpan(i)),
                _ => false,
            };
            if (isMarkup)
            {
                result.Append('\\');
            }

            result.Append(line[i]);
        }

        return atStart ? Begun(result.ToString()) : result.ToString();
    }

    /// <summary>At the start of a line some characters begin headings, lists and quotations.</summary>
    private static string Begun(string line) =>
        Number().Match(line) is { Success: true } number ? $"{number.Value}\\{line[number.Length..]}"
        : Beginning().IsMatch(line) ? "\\" + line
        : line;

    private static bool IsInWord(string line, int at) =>
        at > 0 && at + 1 < line.Length && char.IsLetterOrDigit(line[at - 1]) && char.IsLetterOrDigit(line[at + 1]);

    [GeneratedRegex(@"[\r\n\t\u2028\u2029]+")]
    private static partial Regex Breaks();

    [GeneratedRegex(@"^&(?:#[0-9]+|#[xX][0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*);")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^\d{1,9}(?=[.)](?:\s|$))")]
    private static partial Regex Number();

    [GeneratedRegex(@"^(?:#{1,6}(?:\s|$)|>|[-+](?:\s|$)|[-=~:|])")]
    private static partial Regex Beginning();
}
