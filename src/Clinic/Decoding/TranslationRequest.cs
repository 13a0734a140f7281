namespace TransformerClinic.Decoding;

/// <summary>A line to translate, and what is demanded of its translation.</summary>
/// <param name="Text">The source text.</param>
public sealed record TranslationRequest(string Text)
{
    /// <summary>
    /// Names the line's own random numbers, for sampling; its place in the whole input makes a translation independent
    /// of batches.
    /// </summary>
    public long Number { get; init; }

    /// <summary>Text that the translation begins with; empty for none.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Words and phrases that the translation must hold.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>Words and phrases that it must not hold.</summary>
    public IReadOnlyList<string> Banned { get; init; } = [];
}
