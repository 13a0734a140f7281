namespace TransformerClinic.Documents.Formats;

/// <summary>How documents are translated, where there is a choice.</summary>
internal sealed record DocumentOptions
{
    /// <summary>
    /// Whether each cue of subtitles, and each line of plain text, is translated by itself. Otherwise a sentence that
    /// continues in the next is translated as one, and the translation is divided by length.
    /// </summary>
    public bool EachLine { get; init; }

    /// <summary>Whether translations that XLIFF already has are replaced.</summary>
    public bool ReplaceTargets { get; init; }

    /// <summary>
    /// The language of the translation: XLIFF that does not name one gets it, and so does the root of HTML if
    /// <see cref="SetLanguage"/> says so. Null if it is not known.
    /// </summary>
    public string? TargetLanguage { get; init; }

    /// <summary>Whether the root of HTML is marked with <see cref="TargetLanguage"/>.</summary>
    public bool SetLanguage { get; init; }
}
