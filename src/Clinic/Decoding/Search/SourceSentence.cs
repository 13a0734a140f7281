namespace TransformerClinic.Decoding.Search;

/// <summary>A sentence to translate, and requirements that apply only to its translation.</summary>
/// <param name="Tokens">Ids of the source, ending with the end mark.</param>
internal sealed record SourceSentence(int[] Tokens)
{
    /// <summary>Identifies the sentence's own random numbers, such as its line number; only sampling draws
    /// any.</summary>
    public long Number { get; init; }

    /// <summary>Ids that every output starts with; the longest output is at least as long.</summary>
    public int[] Prefix { get; init; } = [];

    /// <summary>What no output may contain; null bans nothing.</summary>
    public BannedPhrases? Banned { get; init; }

    /// <summary>What every output must contain, in any order; null requires nothing.</summary>
    public RequiredPhrases? Required { get; init; }

    /// <summary>
    /// Canceled when nobody waits for this sentence any more: the search drops it at its next step; the other sentences
    /// of its batch are not affected.
    /// </summary>
    public CancellationToken GiveUp { get; init; }
}
