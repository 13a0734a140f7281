using TransformerClinic.Documents.Formats.Splicing;

namespace TransformerClinic.Documents.Formats.Subtitles;

/// <summary>What is shown for a time.</summary>
/// <param name="From">When it appears.</param>
/// <param name="To">When it disappears.</param>
/// <param name="Lines">Its lines of text.</param>
internal sealed record Cue(TimeSpan From, TimeSpan To, IReadOnlyList<SourceLine> Lines);
