using System.Buffers;
using System.Globalization;
using System.Text;

namespace TransformerClinic.Text;

/// <summary>
/// Shows what a terminal would obey and no reader would see: text that is not ours may color, move and overwrite what
/// we print. Control characters become their pictures (ESC is ␛), those without a picture their code, <c>\u009B</c>;
/// tabs and line feeds stay.
/// </summary>
internal static class VisibleText
{
    private const char Delete = '\u007F';
    private const char Pictures = '\u2400';
    private const char PictureOfDelete = '\u2421';

    private static readonly SearchValues<char> Controls = AllThat(IsControl);
    private static readonly SearchValues<char> ControlsAndDirections = AllThat(IsObeyed);

    /// <summary>The text without control characters, for pages.</summary>
    public static string Of(string text) => Of(text, Controls);

    /// <summary>
    /// The same for terminals, where marks that reverse the order of what follows (U+202A to U+202E, U+2066 to U+2069)
    /// would reach past the end of the text: they become their codes, too.
    /// </summary>
    public static string OnTerminal(string text) => Of(text, ControlsAndDirections);

    private static string Of(string text, SearchValues<char> hidden)
    {
        if (text.AsSpan().IndexOfAny(hidden) < 0)
        {
            return text;
        }

        var visible = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ =
                !hidden.Contains(c) ? visible.Append(c)
                : c < ' ' ? visible.Append((char)(Pictures + c))
                : c == Delete ? visible.Append(PictureOfDelete)
                : visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
        }

        return visible.ToString();
    }

    private static SearchValues<char> AllThat(Func<char, bool> are) =>
        SearchValues.Create([.. Enumerable.Range(0, char.MaxValue + 1).Select(code => (char)code).Where(are)]);

    private static bool IsControl(char c) => char.IsControl(c) && c is not ('\t' or '\n');

    private static bool IsObeyed(char c) =>
        IsControl(c) || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
