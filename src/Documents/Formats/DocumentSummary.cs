namespace TransformerClinic.Documents.Formats;

/// <summary>The result of translating a document.</summary>
/// <param name="Segments">How many segments were translated.</param>
/// <param name="Characters">How many characters of text they had, markup not counted.</param>
/// <param name="Notes">What the user should know, each with how often it applies.</param>
internal sealed record DocumentSummary(int Segments, long Characters, IReadOnlyList<string> Notes);
