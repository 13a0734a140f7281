using TransformerClinic.Web.Models;
using TransformerClinic.Web.Texts;

namespace TransformerClinic.Web.Api.DeepL;

/// <summary>Languages as DeepL's clients name them: in capitals, and some targets only by region.</summary>
internal sealed class DeepLLanguages(ServedLanguages languages, SourceLanguageGuess guess)
{
    /// <summary>Targets that clients ask for by region; ours are listed for both, and are the same model.</summary>
    private static readonly Dictionary<string, string[]> Regions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["en"] = ["en-GB", "en-US"],
        ["pt"] = ["pt-BR", "pt-PT"],
    };

    /// <summary>The source languages.</summary>
    public IEnumerable<object> Sources => languages.Sources.Select(code => Described(code));

    /// <summary>The target languages.</summary>
    public IEnumerable<object> Targets =>
        languages
            .Targets.SelectMany(code => Regions.GetValueOrDefault(code, []).Prepend(code))
            .Select(code => new
            {
                language = Code(code),
                name = LanguageCode.EnglishName(code),
                supports_formality = false,
            });

    /// <summary>A code as DeepL writes it.</summary>
    public static string Code(string code) => code.ToUpperInvariant().Replace('_', '-');

    /// <summary>The pair that a request asks for.</summary>
    /// <param name="fields">The request.</param>
    /// <param name="texts">Decide where it leaves the source open; without them only one may be read.</param>
    /// <exception cref="Security.Refusal">It is not served.</exception>
    public ServedPair PairOf(RequestFields fields, IReadOnlyList<string>? texts = null)
    {
        var wanted = fields.One("target_lang");
        var target =
            (wanted is null ? null : languages.Target(wanted))
            ?? throw DeepLRefusals.Value("target_lang", wanted, Listed(languages.Targets));
        var named = fields.One("source_lang");
        var source =
            (named is null ? Guessed(texts, target) : LanguageCode.Find(named, languages.SourcesOf(target)))
            ?? throw DeepLRefusals.Value("source_lang", named, Listed(languages.SourcesOf(target)));
        return new ServedPair(source, target);
    }

    /// <summary>Where only one language is read there is nothing to detect.</summary>
    private string? Guessed(IReadOnlyList<string>? texts, string target) =>
        languages.SourcesOf(target) is [var only] ? only
        : texts is null ? null
        : guess.Of(texts, target)?.Language;

    private static object Described(string code) =>
        new { language = Code(code), name = LanguageCode.EnglishName(code) };

    private static string Listed(IEnumerable<string> codes) => string.Join(", ", codes.Select(Code));
}
