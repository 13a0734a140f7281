using System.Globalization;

namespace TransformerClinic.Web.Models;

/// <summary>
/// Language codes as clients write them: <c>de</c>, <c>DE</c>, <c>de-AT</c>, <c>de_AT</c>, <c>deu</c>, <c>ger-AT</c>
/// all name German.
/// </summary>
internal static class LanguageCode
{
    /// <summary>Codes of ISO 639-2 for bibliographies, which memoQ sends, and those that .NET knows.</summary>
    private static readonly Dictionary<string, string> Bibliographic = new(StringComparer.Ordinal)
    {
        ["alb"] = "sq",
        ["arm"] = "hy",
        ["baq"] = "eu",
        ["bur"] = "my",
        ["chi"] = "zh",
        ["cze"] = "cs",
        ["dut"] = "nl",
        ["fre"] = "fr",
        ["geo"] = "ka",
        ["ger"] = "de",
        ["gre"] = "el",
        ["ice"] = "is",
        ["mac"] = "mk",
        ["mao"] = "mi",
        ["may"] = "ms",
        ["per"] = "fa",
        ["rum"] = "ro",
        ["slo"] = "sk",
        ["tib"] = "bo",
        ["wel"] = "cy",
    };

    /// <summary>
    /// The served code that a client means: the same one, or else the first of the same language, whatever its region.
    /// </summary>
    /// <returns>Null if none is.</returns>
    public static string? Find(string wanted, IEnumerable<string> served)
    {
        var all = served.ToList();
        return all.Find(code => Normal(code) == Normal(wanted)) ?? all.Find(code => Language(code) == Language(wanted));
    }

    /// <summary>The language's English name; the code itself if it has none.</summary>
    public static string EnglishName(string code) => Culture(Normal(code))?.EnglishName ?? code;

    /// <summary>The code without region and script, of two letters if the language has such a code.</summary>
    public static string Language(string code)
    {
        var language = Normal(code).Split('-')[0];
        return Bibliographic.TryGetValue(language, out var shorter)
            ? shorter
            : Culture(language)?.TwoLetterISOLanguageName ?? language;
    }

    private static string Normal(string code) => code.Trim().Replace('_', '-').ToLowerInvariant();

    /// <summary>Null for what is not a language, and where .NET runs without knowledge of languages.</summary>
    private static CultureInfo? Culture(string code)
    {
        try
        {
            var culture = CultureInfo.GetCultureInfo(code);
            return culture.ThreeLetterISOLanguageName.Length == 3 ? culture : null;
        }
        catch (CultureNotFoundException)
        {
            return null;
        }
    }
}
