using TransformerClinic.Text;

namespace TransformerClinic.Data.Stored;

/// <summary>Stores training text as ids on the disk, whole or not at all.</summary>
/// <param name="folder">The folder of the set; its parent must exist.</param>
/// <param name="pairs">How many pairs were read.</param>
/// <param name="subwords">The subword model.</param>
/// <param name="origin">What decides the ids, from the hashes of the files by the paths that were given.</param>
internal sealed class StoredTraining(
    string folder,
    long pairs,
    SubwordModel subwords,
    Func<IReadOnlyDictionary<string, string>, StoredOrigin> origin
) : ITrainingSink
{
    private readonly StoredSetWriter _writer = new(folder, pairs, subwords.Vocabulary.Count);

    /// <inheritdoc/>
    public void Add(ReadPair pair, ParallelExample example) =>
        _writer.Add(example.Source, example.Target, pair.Corpus, pair.Line);

    /// <inheritdoc/>
    public ITrainingSet Finish(Ledger ledger, IReadOnlyDictionary<string, string> hashes)
    {
        _writer.Finish(ledger, hashes, subwords, origin(hashes));
        return StoredSet.Open(folder);
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();
}
