using System.Globalization;
using System.Text.RegularExpressions;

namespace TransformerClinic.Documents.Segments.Sentences;

/// <summary>Characters by their number: <c>\x41</c>, <c>\x{1F600}</c>, <c>\u0041</c>, <c>\U0001F600</c>,
/// <c>\0101</c>.</summary>
internal static partial class IcuEscape
{
    /// <summary>The code point of an escape, and what follows it.</summary>
    /// <param name="source">The expression.</param>
    /// <param name="at">The place of the backslash; afterwards the place after the escape.</param>
    /// <exception cref="FormatException">It is not such an escape.</exception>
    public static int CodePoint(string source, ref int at)
    {
        var match = Number().Match(source, at);
        if (!match.Success)
        {
            throw new FormatException(
                $"\"{source[at..Math.Min(source.Length, at + 6)]}\" is not a character's number."
            );
        }

        at += match.Length;
        var octal = match.Groups["octal"].Value;
        var codePoint =
            octal.Length > 0
                ? Convert.ToInt32(octal, 8)
                : (int)
                    Math.Min(
                        0x110000u,
                        uint.Parse(match.Groups["hex"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                    );
        return codePoint <= 0x10FFFF ? codePoint : throw new FormatException($"{match.Value} is not a character.");
    }

    [GeneratedRegex(
        @"\G\\(?:x\{(?<hex>[0-9A-Fa-f]{1,6})\}|x(?<hex>[0-9A-Fa-f]{2})|u(?<hex>[0-9A-Fa-f]{4})"
            + @"|U(?<hex>[0-9A-Fa-f]{8})|0(?<octal>[0-7]{1,3}))"
    )]
    private static partial Regex Number();
}
