namespace TransformerClinic.Data;

/// <summary>A set to train on: its examples and what is known of where they come from.</summary>
internal interface ITrainingSet
{
    /// <summary>The examples.</summary>
    IExamples All { get; }

    /// <summary>The account of the files' lines.</summary>
    Ledger Ledger { get; }

    /// <summary>SHA-256 of the files that it comes from, by the paths that were given.</summary>
    IReadOnlyDictionary<string, string> Hashes { get; }

    /// <summary>
    /// SHA-256 of all ids in the order of reading, each as four bytes, the lowest first: two sets with the same hash
    /// train the same.
    /// </summary>
    string HashOfIds();

    /// <summary>How often each id of a vocabulary occurs in the targets, end marks included.</summary>
    long[] TargetCounts(int vocabulary);

    /// <summary>The text of some examples, in their order; null where it can no longer be read.</summary>
    IReadOnlyList<SentencePair>? Texts(IReadOnlyList<int> examples);
}
