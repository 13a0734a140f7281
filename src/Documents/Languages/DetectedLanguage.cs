namespace TransformerClinic.Documents.Languages;

/// <summary>A language that a text may be in.</summary>
/// <param name="Language">Its tag, as the detector was given it; <c>und</c> if it cannot be told.</param>
/// <param name="Confidence">
/// The share of the probability among the languages that are considered, from 0 to 1. It is not the probability that
/// the text is in this language: a text in a language that is not considered is shared out, too.
/// </param>
internal readonly record struct DetectedLanguage(string Language, double Confidence)
{
    /// <summary>The tag of a language that cannot be told (ISO 639-2).</summary>
    public const string Undetermined = "und";
}
