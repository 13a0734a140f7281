using System.Buffers;
using System.Text;

namespace TransformerClinic.Data.Exchange;

/// <summary>
/// Text as XML 1.0 can hold it, which has no way to write most control characters, not even as references (section
/// 2.2). What it cannot hold becomes what <see cref="Text.TextNormalizer"/> makes of it before a model reads the text:
/// white space (U+000B, U+000C) is a space, other control characters are left out, and halves of surrogate pairs,
/// U+FFFE and U+FFFF are U+FFFD. Everything else stays as it is.
/// </summary>
internal static class WritableText
{
    private static readonly SearchValues<char> Odd = SearchValues.Create([
        .. Enumerable.Range(0, char.MaxValue + 1).Select(code => (char)code).Where(IsOdd),
    ]);

    /// <summary>The text.</summary>
    public static string Of(string text)
    {
        if (text.AsSpan().IndexOfAny(Odd) < 0)
        {
            return text;
        }

        var writable = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ =
                !rune.IsBmp || !IsOdd((char)rune.Value) ? writable.Append(rune)
                : rune.Value is '\v' or '\f' ? writable.Append(' ')
                : rune.Value is 0xFFFE or 0xFFFF ? writable.Append('\uFFFD')
                : writable;
        }

        return writable.ToString();
    }

    private static bool IsOdd(char c) =>
        c is (< ' ' and not ('\t' or '\n' or '\r')) or >= '\uFFFE' || char.IsSurrogate(c);
}
