namespace TransformerClinic.Documents.Formats.Splicing;

/// <summary>A change of a text: other characters in place of some of its own.</summary>
/// <param name="Start">The first character that goes.</param>
/// <param name="End">The character after the last that goes; the same as the start to insert only.</param>
/// <param name="Text">What comes instead.</param>
internal readonly record struct Edit(int Start, int End, string Text);
