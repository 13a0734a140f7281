namespace TransformerClinic.Decoding.Search;

/// <summary>A sentence to translate, and what is demanded of its translation alone.</summary>
/// <param name="Tokens">Ids of the source, ending with the end mark.</param>
public sealed record SourceSentence(int[] Tokens)
{
    /// <summary>Names the sentence's own random numbers, such as its line; only sampling draws any.</summary>
    public long Number { get; init; }

    /// <summary>Ids that every output begins with; the longest output is at least as long.</summary>
    public int[] Prefix { get; init; } = [];

    /// <summary>What no output may hold; null bans nothing.</summary>
    public BannedPhrases? Banned { get; init; }

    /// <summary>What every output must hold, in any order; null demands nothing.</summary>
    public RequiredPhrases? Required { get; init; }
}
