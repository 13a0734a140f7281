using Lingua;
using TransformerClinic.Documents.Segments.Placeholders;
using LinguaDetector = Lingua.LanguageDetector;

namespace TransformerClinic.Documents.Languages;

/// <summary>
/// Tells in which of some languages a text is, by its letters and the frequencies of runs of one to five of them. Only
/// the frequencies of these languages are loaded, when a text is looked at for the first time: some 40 MB and a second
/// for each. Can be used by several threads.
/// </summary>
internal sealed class LanguageDetector
{
    /// <summary>The least confidence of an answer.</summary>
    public const double LeastConfidence = 0.5;

    /// <summary>More text does not make an answer more certain, and takes longer.</summary>
    private const int MostCharacters = 1000;

    private readonly Dictionary<Language, string> _tags = [];
    private readonly Lazy<LinguaDetector?> _detector;

    /// <summary>A detector of languages.</summary>
    /// <param name="languages">Their tags, such as <c>de</c> or <c>pt-BR</c>; of two regions the first counts.</param>
    public LanguageDetector(IEnumerable<string> languages)
    {
        var unknown = new List<string>();
        foreach (var tag in languages)
        {
            if (Of(tag) is { } language)
            {
                _tags.TryAdd(language, tag);
            }
            else
            {
                unknown.Add(tag);
            }
        }

        Unknown = unknown;
        _detector = new Lazy<LinguaDetector?>(Built);
    }

    /// <summary>Languages that cannot be detected.</summary>
    public IReadOnlyList<string> Unknown { get; }

    /// <summary>Loads what is needed, so that the first text does not wait for it.</summary>
    public void Load() => _ = _detector.Value;

    /// <summary>
    /// The languages that a text may be in, the most probable first; <c>und</c> is first if none of them has
    /// <see cref="LeastConfidence"/>, if the text has no letters of any of them, and, when there is only one, if the
    /// text is rather in another common language.
    /// </summary>
    /// <param name="text">The text. Placeholders, addresses and all after 1,000 characters do not count.</param>
    public IReadOnlyList<DetectedLanguage> Detect(string text)
    {
        var values = _detector.Value?.ComputeLanguageConfidenceValues(Considered(text));
        List<DetectedLanguage> found =
        [
            .. (values ?? new Dictionary<Language, double>())
                .Where(value => value.Value > 0 && _tags.ContainsKey(value.Key))
                .Select(value => new DetectedLanguage(_tags[value.Key], value.Value))
                .OrderByDescending(one => one.Confidence)
                .ThenBy(one => one.Language, StringComparer.Ordinal),
        ];
        if (found.Count == 0 || found[0].Confidence < LeastConfidence)
        {
            found.Insert(0, new DetectedLanguage(DetectedLanguage.Undetermined, 0));
        }

        return found;
    }

    private LinguaDetector? Built()
    {
        var languages = _tags.Keys.ToHashSet();
        if (languages.Count == 0)
        {
            return null;
        }

        // With one language every text with its letters would be in it.
        if (languages.Count == 1)
        {
            languages.UnionWith([Language.English, Language.German, Language.French, Language.Spanish]);
        }

        return LanguageDetectorBuilder.FromLanguages([.. languages]).WithPreloadedLanguageModels().Build();
    }

    private static string Considered(string text)
    {
        var end = Math.Min(text.Length, MostCharacters);
        var start = text[..(end < text.Length && char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)];
        return Replaced.In(start, [.. PlaceholderFinder.Find(start).Select(range => (range, " "))]).Text;
    }

    private static Language? Of(string tag)
    {
        var code = tag.Split('-', '_')[0].ToLowerInvariant();
        code = code switch
        {
            "no" => "nb",
            "iw" => "he",
            "in" => "id",
            _ => code,
        };
        if (code.Length != 2 || !Enum.TryParse<IsoCode6391>(code, ignoreCase: true, out var iso))
        {
            return null;
        }

        return Enum.GetValues<Language>()
            .Where(language => language.IsoCode6391() == iso)
            .Cast<Language?>()
            .FirstOrDefault();
    }
}
