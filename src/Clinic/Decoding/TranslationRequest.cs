namespace TransformerClinic.Decoding;

/// <summary>A line to translate, and requirements for its translation.</summary>
/// <param name="Text">The source text.</param>
public sealed record TranslationRequest(string Text)
{
    /// <summary>
    /// Identifies the line's own random numbers, for sampling; the line's position in the whole input makes a
    /// translation independent of batches.
    /// </summary>
    public long Number { get; init; }

    /// <summary>Text that the translation starts with; empty for none.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Words and phrases that the translation must contain.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>Words and phrases that it must not contain.</summary>
    public IReadOnlyList<string> Banned { get; init; } = [];
}
