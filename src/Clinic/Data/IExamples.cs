namespace TransformerClinic.Data;

/// <summary>
/// The examples of a set, in memory or on the disk. They are in shards: neighbors by number, few enough for memory, and
/// each a sample of the whole set where there are several.
/// </summary>
internal interface IExamples : IIdPairs
{
    /// <summary>Number of examples.</summary>
    int Count { get; }

    /// <summary>Number of shards.</summary>
    int ShardCount { get; }

    /// <summary>The examples of a shard: the number of its first one, and how many there are.</summary>
    (int First, int Count) Shard(int shard);

    /// <summary>The place of an example in the order of reading, from 0, whatever shard it is in.</summary>
    int Number(int example);

    /// <summary>Which file, or pair of files, of the set an example is from, from 0.</summary>
    int Corpus(int example);
}
