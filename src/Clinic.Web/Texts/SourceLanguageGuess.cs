using TransformerClinic.Web.Models;

namespace TransformerClinic.Web.Texts;

/// <summary>Finds the source language of texts whose client leaves it open.</summary>
internal sealed class SourceLanguageGuess(ServedLanguages languages)
{
    /// <summary>The served language that texts seem to be in.</summary>
    /// <param name="texts">The texts, taken together.</param>
    /// <param name="target">The language that they are to be translated into; null does not say.</param>
    /// <returns>Null if it could be one of several.</returns>
    public DetectedLanguage? Of(IReadOnlyList<string> texts, string? target)
    {
        var possible = target is null ? languages.Sources : languages.SourcesOf(target);
        return possible.Count == 1 ? new DetectedLanguage(possible[0], Confidence: 0) : null;
    }
}
