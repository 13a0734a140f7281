namespace TransformerClinic.Documents.Formats.Subtitles;

/// <summary>The two ways to write subtitles.</summary>
internal enum SubtitleSyntax
{
    /// <summary>SubRip.</summary>
    Srt,

    /// <summary>WebVTT (W3C).</summary>
    Vtt,
}
