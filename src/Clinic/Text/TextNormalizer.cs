using System.Buffers;
using System.Text;
using TransformerClinic.Common;

namespace TransformerClinic.Text;

/// <summary>
/// Brings a line to one Unicode normalization form and makes every run of white space one space; the ends are trimmed.
/// What nobody sees and no writing system needs is dropped: it would cut words into pieces that no training text holds.
/// Halves of surrogate pairs and the swapped byte order mark U+FFFE, which no text holds, become U+FFFD.
/// <c>Normalize(Normalize(x)) = Normalize(x)</c>.
/// </summary>
/// <remarks>
/// Dropped are marks of where a line may break (U+00AD, U+200B, U+2060, U+FEFF), invisible operators (U+2061 to
/// U+2064), marks of direction (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+206F), whose translation has a
/// direction of its own, and control characters that are not white space. Kept is what changes how its neighbors look
/// or read: U+200C and U+200D, variation selectors, U+180E, U+034F, fillers, tags.
/// </remarks>
internal sealed class TextNormalizer
{
    private static readonly SearchValues<char> Odd = SearchValues.Create([
        .. Enumerable.Range(0, char.MaxValue + 1).Select(code => (char)code).Where(IsOdd),
    ]);

    private readonly NormalizationForm _form;

    /// <summary>A normalizer to one form.</summary>
    /// <exception cref="UserErrorException">
    /// .NET runs without Unicode data: it would leave every line as it is.
    /// </exception>
    public TextNormalizer(Normalization form)
    {
        _form = form switch
        {
            Normalization.Nfc => NormalizationForm.FormC,
            Normalization.Nfkc => NormalizationForm.FormKC,
            _ => throw new ArgumentOutOfRangeException(nameof(form), form, "This normalization form is not known."),
        };
        if ("u\u0308".Normalize(NormalizationForm.FormC).Length != 1)
        {
            throw new UserErrorException(
                "Unicode normalization does not work on this system: .NET runs without ICU. Install it (Debian, "
                    + "Ubuntu: apt-get install libicu-dev) and unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT."
            );
        }
    }

    /// <summary>The normalized line.</summary>
    public string Normalize(string line)
    {
        var whole = Text(line).Normalize(_form);
        if (IsSpacedOnce(whole))
        {
            return whole;
        }

        var text = new StringBuilder(whole.Length);
        var space = false;
        foreach (var c in whole)
        {
            if (char.IsWhiteSpace(c))
            {
                space = text.Length > 0;
                continue;
            }

            if (space)
            {
                text.Append(' ');
                space = false;
            }

            text.Append(c);
        }

        return text.ToString();
    }

    /// <summary>Whether all white space is single spaces between other characters, as in most lines.</summary>
    private static bool IsSpacedOnce(string text)
    {
        var afterSpace = true;
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c) && (c != ' ' || afterSpace))
            {
                return false;
            }

            afterSpace = c == ' ';
        }

        return !afterSpace || text.Length == 0;
    }

    // string.Normalize throws on what is replaced here. Dropping comes first: what was apart may compose. By whole
    // characters, so that two halves of surrogate pairs that were apart do not become one.
    private static string Text(string line) =>
        line.AsSpan().IndexOfAny(Odd) < 0
            ? line
            : string.Concat(
                line.EnumerateRunes()
                    .Where(rune => !rune.IsBmp || !IsDropped((char)rune.Value))
                    .Select(rune => rune.Value == 0xFFFE ? "\uFFFD" : rune.ToString())
            );

    private static bool IsOdd(char c) => char.IsSurrogate(c) || c == '\uFFFE' || IsDropped(c);

    private static bool IsDropped(char c) =>
        c switch
        {
            '\u00AD' or '\u061C' or '\u200B' or '\u200E' or '\u200F' or '\uFEFF' => true,
            >= '\u202A' and <= '\u202E' => true,
            >= '\u2060' and <= '\u206F' => true,
            _ => char.IsControl(c) && !char.IsWhiteSpace(c),
        };
}
