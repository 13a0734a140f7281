using System.Text.RegularExpressions;

namespace TransformerClinic.Data.Exchange;

/// <summary>Language tags as translators' files have them: <c>en</c>, <c>EN-US</c>, <c>en_US</c>.</summary>
internal static partial class LanguageTag
{
    /// <summary>
    /// How well a text's tag fits the language that is wanted, 0 being best; null if it is another language. The same
    /// tag fits best, then a region of what is wanted (en-US for en), then what it is a region of (en for en-US, as
    /// RFC 4647, section 3.4, looks up), then no tag at all.
    /// </summary>
    /// <param name="wanted">What is wanted.</param>
    /// <param name="tag">The text's tag; empty if it has none.</param>
    public static int? Rank(string wanted, string tag) =>
        tag.Length == 0 ? 3
        : Is(wanted, tag) ? 0
        : IsRegionOf(wanted, tag) ? 1
        : IsRegionOf(tag, wanted) ? 2
        : null;

    /// <summary>Whether two tags are the same: case does not count, nor whether parts are joined by a hyphen.</summary>
    public static bool Is(string one, string other) =>
        string.Equals(Hyphenated(one), Hyphenated(other), StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Whether a text is a tag by its form (RFC 5646, section 2.1, without its finer rules): only such may be written.
    /// </summary>
    public static bool IsWellFormed(string tag) => WellFormed().IsMatch(tag);

    /// <summary>The tag with hyphens, as standards write it.</summary>
    public static string Hyphenated(string tag) => tag.Replace('_', '-');

    private static bool IsRegionOf(string language, string tag) =>
        tag.Length > language.Length && tag[language.Length] is '-' or '_' && Is(language, tag[..language.Length]);

    [GeneratedRegex(@"^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*\z")]
    private static partial Regex WellFormed();
}
