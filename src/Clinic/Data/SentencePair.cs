namespace TransformerClinic.Data;

/// <summary>A sentence and its translation, as they stand in the file.</summary>
public sealed record SentencePair(string Source, string Target);
