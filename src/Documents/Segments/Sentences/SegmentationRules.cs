using System.Text.RegularExpressions;
using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Documents.Segments.Sentences;

/// <summary>Rules by which texts are split into sentences: those of an SRX file, for several languages.</summary>
internal sealed class SegmentationRules
{
    private readonly string _name;
    private readonly bool _cascade;
    private readonly IReadOnlyDictionary<string, IReadOnlyList<SrxRule>> _rules;
    private readonly IReadOnlyList<(Regex Languages, string Rules)> _map;

    /// <summary>Rules as a file has them.</summary>
    /// <param name="name">The file's name in messages.</param>
    /// <param name="cascade">
    /// Whether all entries of the map that fit a language apply, in order, or only the first.
    /// </param>
    /// <param name="rules">The rules by the name of their set.</param>
    /// <param name="map">Which languages have which set.</param>
    internal SegmentationRules(
        string name,
        bool cascade,
        IReadOnlyDictionary<string, IReadOnlyList<SrxRule>> rules,
        IReadOnlyList<(Regex Languages, string Rules)> map
    ) => (_name, _cascade, _rules, _map) = (name, cascade, rules, map);

    /// <summary>How long the rules may take for a paragraph.</summary>
    internal static TimeSpan Patience => TimeSpan.FromSeconds(2);

    /// <summary>The rules that come with the program: detailed ones for German and English, rough ones for the rest.
    /// </summary>
    public static SegmentationRules BuiltIn()
    {
        using var stream = typeof(SegmentationRules).Assembly.GetManifestResourceStream("sentences.srx")!;
        return SrxReader.Read(stream, "sentences.srx");
    }

    /// <summary>The rules of an SRX 2.0 file.</summary>
    /// <exception cref="UserErrorException">
    /// The file is missing, damaged, too large, or a rule of it is wrong.
    /// </exception>
    public static SegmentationRules Load(string path)
    {
        using var stream = InputFile.Open(path, "rules are an SRX file");
        return SrxReader.Read(stream, path);
    }

    /// <summary>A splitter for a language.</summary>
    /// <param name="language">A language tag, such as <c>de</c> or <c>de-AT</c>.</param>
    /// <exception cref="UserErrorException">The file has no rules for the language.</exception>
    public SentenceSplitter For(string language)
    {
        var fitting = _map.Where(entry => IsFor(entry.Languages, language)).Select(entry => entry.Rules).ToList();
        return fitting.Count == 0
            ? throw new UserErrorException(
                $"{_name}: no languagemap fits the language \"{language}\". Add one to maprules; the languagepattern "
                    + "\".*\" fits every language."
            )
            : new SentenceSplitter(
                _name,
                [.. fitting.Take(_cascade ? fitting.Count : 1).SelectMany(set => _rules[set])],
                Patience
            );
    }

    private bool IsFor(Regex languages, string language)
    {
        try
        {
            return languages.IsMatch(language);
        }
        catch (RegexMatchTimeoutException exception)
        {
            throw new UserErrorException($"{_name}: a languagepattern of maprules takes too long.", exception);
        }
    }
}
