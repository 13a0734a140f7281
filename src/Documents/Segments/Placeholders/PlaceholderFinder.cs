using System.Text.RegularExpressions;
using TransformerClinic.Documents.Segments.Sentences;

namespace TransformerClinic.Documents.Segments.Placeholders;

/// <summary>
/// Finds what must come through a translation as it is: variables of programs (<c>{0}</c>, <c>{name}</c>,
/// <c>{{name}}</c>, <c>${name}</c>, <c>%s</c>, <c>%1$s</c>, <c>%(name)s</c>, <c>%NAME%</c>, <c>__NAME__</c>), entities
/// (<c>&amp;nbsp;</c>), addresses (URLs, mail) and file paths.
/// </summary>
internal static partial class PlaceholderFinder
{
    /// <summary>The placeholders of a text in their order; they do not overlap.</summary>
    public static IReadOnlyList<TextRange> Find(string text)
    {
        var found = new List<TextRange>();
        foreach (var match in Placeholder().EnumerateMatches(text))
        {
            if (text[match.Index] == '/' && match.Index > 0 && char.IsLetterOrDigit(text[match.Index - 1]))
            {
                // "and/or/not" is not a path.
                continue;
            }

            var end = match.Index + match.Length;
            var address = text[match.Index] is not ('{' or '$' or '%' or '_' or '&');
            found.Add(new TextRange(match.Index, address ? WithoutPunctuation(text, match.Index, end) : end));
        }

        return found;
    }

    /// <summary>An address does not end with punctuation of its sentence, nor with a bracket that it does not
    /// open.</summary>
    private static int WithoutPunctuation(string text, int start, int end)
    {
        while (end > start + 1 && IsPunctuationOfSentence(text, start, end))
        {
            end--;
        }

        return end;
    }

    private static bool IsPunctuationOfSentence(string text, int start, int end) =>
        text[end - 1] switch
        {
            '.' or ',' or ';' or ':' or '!' or '?' or '\'' or '"' or '“' or '”' or '’' or '»' or '*' or '_' => true,
            ')' => !text.AsSpan(start, end - start).Contains('('),
            ']' => !text.AsSpan(start, end - start).Contains('['),
            '}' => !text.AsSpan(start, end - start).Contains('{'),
            _ => false,
        };

    // Alternatives from the longest form to the shortest. Without backtracking, so that no text can make it slow; that
    // engine has no look-behind, so that word boundaries stand for it.
    [GeneratedRegex(
        @"\{\{[^{}\r\n]{1,100}\}\}"
            + @"|\$\{[^{}\r\n]{1,100}\}"
            + @"|\{[\p{L}\p{N}_.:,#$@/+\-]{0,60}\}"
            + @"|%\([A-Za-z_]\w{0,60}\)[#0+\-]?[0-9.]{0,6}[sdifuxXgGeEcr]\b"
            + @"|%[A-Za-z_]\w{1,60}%"
            + @"|%(?:[0-9]{1,2}\$)?[#0+\-]{0,3}[0-9]{0,3}(?:\.[0-9]{1,3})?(?:hh|h|ll|l|z|j|t)?[sdiufFgGeExXcoaAp@]\b"
            + @"|%@|%%"
            + @"|\b__[A-Za-z0-9]+(?:_[A-Za-z0-9]+)*__\b"
            + @"|&(?:[A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});"
            + @"|\b(?:[A-Za-z][A-Za-z0-9+.\-]{1,20}://|www\.|mailto:)[^\s<>""„“”»«{}|\\^`]+"
            + @"|\b[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,8}\b"
            + @"|\b[A-Za-z]:\\(?:[^\s\\/:*?""<>|„“”]+\\?)*"
            + @"|\\\\[\w.\-]+\\[^\s/:*?""<>|„“”]+"
            + @"|~/[\w.\-/]+"
            + @"|/(?:[\w.\-]+/)+[\w.\-]*",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex Placeholder();
}
