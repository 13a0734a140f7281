using System.Collections.Concurrent;
using TransformerClinic.Documents.Languages;
using TransformerClinic.Web.Models;

namespace TransformerClinic.Web.Texts;

/// <summary>
/// Finds the source language of texts whose client leaves it open, among the languages that are read here. What that
/// needs is loaded when it is asked for the first time.
/// </summary>
internal sealed class SourceLanguageGuess(ServedLanguages languages)
{
    private readonly ConcurrentDictionary<string, LanguageDetector> _detectors = new(StringComparer.Ordinal);

    /// <summary>
    /// The languages that a text may be in, the most probable first. If none is probable it is the first that is read,
    /// with no confidence.
    /// </summary>
    public IReadOnlyList<DetectedLanguage> All(string text)
    {
        var found = Detected(text, languages.Sources);
        return found.Count > 0 ? found : [.. languages.Sources.Take(1).Select(code => new DetectedLanguage(code, 0))];
    }

    /// <summary>The language that texts seem to be in.</summary>
    /// <param name="texts">The texts, taken together.</param>
    /// <param name="target">The language that they are to be translated into.</param>
    /// <returns>
    /// One with no confidence if it is the only one that is translated into the target and the texts seem to be in
    /// another; null if it could be one of several.
    /// </returns>
    public DetectedLanguage? Of(IReadOnlyList<string> texts, string target)
    {
        var possible = languages.SourcesOf(target);
        var found = Detected(string.Join('\n', texts), possible);
        return found.Count > 0 ? found[0]
            : possible is [var only] ? new DetectedLanguage(only, 0)
            : null;
    }

    private List<DetectedLanguage> Detected(string text, IReadOnlyList<string> possible)
    {
        var detector = _detectors.GetOrAdd(string.Join(' ', possible), _ => new LanguageDetector(possible));
        var found = detector.Detect(text);
        return found is [{ Language: DetectedLanguage.Undetermined }, ..] ? [] : [.. found];
    }
}
