using System.Buffers.Binary;
using System.Security.Cryptography;

namespace TransformerClinic.Data;

/// <summary>One set, ready for training or translation.</summary>
/// <param name="Pairs">The kept sentences as they are in the file.</param>
/// <param name="Examples">The same as ids.</param>
/// <param name="Ledger">The account of the file's lines.</param>
/// <param name="Hashes">SHA-256 of the files that it comes from, by the paths that were given.</param>
internal sealed record PreparedSet(
    IReadOnlyList<SentencePair> Pairs,
    IReadOnlyList<ParallelExample> Examples,
    Ledger Ledger,
    IReadOnlyDictionary<string, string> Hashes
) : ITrainingSet
{
    /// <summary>The number of each example's corpus, from 0; null where all are of the first.</summary>
    public IReadOnlyList<int>? Corpora { get; init; }

    /// <inheritdoc/>
    public IExamples All => new HeldExamples(Examples, Corpora);

    /// <inheritdoc/>
    public string HashOfIds()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        foreach (var id in Examples.SelectMany(example => example.Source.Concat(example.Target)))
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, id);
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <inheritdoc/>
    public long[] TargetCounts(int vocabulary) =>
        UnigramNll.Counts(Examples.SelectMany(example => example.Target), vocabulary);

    /// <inheritdoc/>
    public IReadOnlyList<SentencePair>? Texts(IReadOnlyList<int> examples) => [.. examples.Select(i => Pairs[i])];
}
