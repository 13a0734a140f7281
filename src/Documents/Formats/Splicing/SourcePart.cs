namespace TransformerClinic.Documents.Formats.Splicing;

/// <summary>A part of a segment, and the characters of the document that it was made from.</summary>
/// <param name="Part">Text or markup.</param>
/// <param name="Start">Its first character.</param>
/// <param name="End">The character after its last.</param>
internal readonly record struct SourcePart(TextPart Part, int Start, int End);
