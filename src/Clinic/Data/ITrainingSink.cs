namespace TransformerClinic.Data;

/// <summary>Takes the training text as ids, pair by pair, and becomes a set to train on.</summary>
internal interface ITrainingSink : IDisposable
{
    /// <summary>Takes the next pair in the order of reading.</summary>
    /// <param name="pair">The text, and where it is.</param>
    /// <param name="example">Its ids.</param>
    void Add(ReadPair pair, ParallelExample example);

    /// <summary>The set, once all pairs are there. Without this, nothing is left.</summary>
    /// <param name="ledger">The account of the files' lines.</param>
    /// <param name="hashes">SHA-256 of the files, by the paths that were given.</param>
    ITrainingSet Finish(Ledger ledger, IReadOnlyDictionary<string, string> hashes);
}
