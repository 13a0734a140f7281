namespace TransformerClinic.Documents.Formats;

/// <summary>
/// What a document may demand. A document that demands more is refused: most such files are made to bring a service
/// down, and none is a document that somebody wrote.
/// </summary>
internal sealed record DocumentLimits
{
    /// <summary>Bytes of the file.</summary>
    public long MostBytes { get; init; } = 64L << 20;

    /// <summary>Bytes of a text in memory: a text document, or a part of an archive that is read.</summary>
    public long MostTextBytes { get; init; } = 32L << 20;

    /// <summary>Bytes of all parts of an archive once they are unpacked, counted while they are.</summary>
    public long MostUnpackedBytes { get; init; } = 100L << 20;

    /// <summary>How many times larger than packed a part of an archive, or all of it, may be.</summary>
    public int MostRatio { get; init; } = 100;

    /// <summary>Bytes up to which a part may have any ratio: short repetitive texts shrink a lot.</summary>
    public long AnyRatioBelow { get; init; } = 1L << 20;

    /// <summary>Parts of an archive.</summary>
    public int MostParts { get; init; } = 10_000;

    /// <summary>Elements, texts and comments of one text.</summary>
    public int MostNodes { get; init; } = 2_000_000;

    /// <summary>Elements that may be in one another.</summary>
    public int MostLevels { get; init; } = 256;

    /// <summary>Segments of a document: paragraphs, cues, cells.</summary>
    public int MostSegments { get; init; } = 200_000;

    /// <summary>Characters of one segment.</summary>
    public int MostSegmentCharacters { get; init; } = 1_000_000;
}
