namespace TransformerClinic.Data;

/// <summary>Holds training text and its ids in memory.</summary>
internal sealed class HeldTraining : ITrainingSink
{
    private readonly List<SentencePair> _pairs = [];
    private readonly List<ParallelExample> _examples = [];
    private readonly List<int> _corpora = [];

    /// <inheritdoc/>
    public void Add(ReadPair pair, ParallelExample example)
    {
        _pairs.Add(pair.Pair);
        _examples.Add(example);
        _corpora.Add(pair.Corpus);
    }

    /// <inheritdoc/>
    public ITrainingSet Finish(Ledger ledger, IReadOnlyDictionary<string, string> hashes) =>
        new PreparedSet(_pairs, _examples, ledger, hashes) { Corpora = _corpora };

    /// <inheritdoc/>
    public void Dispose() { }
}
