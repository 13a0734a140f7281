using System.Text.RegularExpressions;

namespace TransformerClinic.Reproduction.Results;

/// <summary>Paragraphs of a Markdown page, wrapped at 120 columns.</summary>
internal static partial class MarkdownProse
{
    private const int Columns = 120;

    /// <summary>A paragraph, every line of which starts with a prefix; a word longer than a line stays whole.</summary>
    public static string Wrapped(string text, string prefix = "")
    {
        var lines = new List<string>();
        foreach (var word in Words(text))
        {
            if (lines.Count > 0 && lines[^1].Length + 1 + word.Length <= Columns)
            {
                lines[^1] += " " + word;
            }
            else
            {
                lines.Add(prefix + word);
            }
        }

        return string.Join('\n', lines);
    }

    /// <summary>
    /// The words, joined where a line must not break: a line that starts with <c>+</c> or <c>1.</c> would be a list.
    /// </summary>
    private static List<string> Words(string text)
    {
        var words = new List<string>();
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (words.Count > 0 && Marker().IsMatch(word))
            {
                words[^1] += " " + word;
            }
            else
            {
                words.Add(word);
            }
        }

        return words;
    }

    [GeneratedRegex(@"^([-+*>|]|#+|\d+[.)])$")]
    private static partial Regex Marker();
}
