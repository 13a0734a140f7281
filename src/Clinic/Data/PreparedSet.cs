namespace TransformerClinic.Data;

/// <summary>One set, ready for training or translation.</summary>
/// <param name="Pairs">The kept sentences as they stood in the file.</param>
/// <param name="Examples">The same as ids.</param>
/// <param name="Ledger">What became of the file's lines.</param>
/// <param name="Hashes">SHA-256 of the files it came from, by name.</param>
public sealed record PreparedSet(
    IReadOnlyList<SentencePair> Pairs,
    IReadOnlyList<ParallelExample> Examples,
    Ledger Ledger,
    IReadOnlyDictionary<string, string> Hashes);
