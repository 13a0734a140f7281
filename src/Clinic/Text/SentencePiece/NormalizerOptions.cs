namespace TransformerClinic.Text.SentencePiece;

/// <summary>How a SentencePiece model normalizes text (NormalizerSpec, with its defaults).</summary>
internal sealed record NormalizerOptions
{
    /// <summary>Which strings are replaced by which; null for none.</summary>
    public CharacterMap? Map { get; init; }

    /// <summary>Whether a space is put before the text.</summary>
    public bool AddDummyPrefix { get; init; } = true;

    /// <summary>Whether runs of spaces become one, and those at the ends none.</summary>
    public bool RemoveExtraWhitespaces { get; init; } = true;

    /// <summary>Whether a space is U+2581 in pieces.</summary>
    public bool EscapeWhitespaces { get; init; } = true;

    /// <summary>Whether the space of <see cref="AddDummyPrefix"/> is put behind the text (of TrainerSpec).</summary>
    public bool WhitespaceAsSuffix { get; init; }
}
