namespace TransformerClinic.Data;

/// <summary>What is known of a set once all of it has been read.</summary>
/// <param name="Hashes">SHA-256 of each file, by its path as it was given.</param>
/// <param name="Readings">
/// What of each corpus did not become a pair, and what its pairs lost, such as tags: nothing where a line is a pair.
/// </param>
internal sealed record SetAccount(IReadOnlyDictionary<string, string> Hashes, IReadOnlyList<Ledger> Readings)
{
    /// <summary>Of a set that was not read.</summary>
    public static SetAccount Nothing { get; } = new(new Dictionary<string, string>(StringComparer.Ordinal), []);

    /// <summary>Pairs that were read.</summary>
    public long Pairs => Readings.Sum(reading => (long)reading.Kept);
}
