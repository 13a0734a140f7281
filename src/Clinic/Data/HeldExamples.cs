namespace TransformerClinic.Data;

/// <summary>Examples in memory: one shard, in the order of reading.</summary>
/// <param name="examples">The examples.</param>
/// <param name="corpora">The number of each one's corpus; null where all are of the first.</param>
internal sealed class HeldExamples(IReadOnlyList<ParallelExample> examples, IReadOnlyList<int>? corpora = null)
    : IExamples
{
    /// <inheritdoc/>
    public int Count => examples.Count;

    /// <inheritdoc/>
    public int ShardCount => 1;

    /// <inheritdoc/>
    public (int First, int Count) Shard(int shard) => (0, examples.Count);

    /// <inheritdoc/>
    public int Number(int example) => example;

    /// <inheritdoc/>
    public int Corpus(int example) => corpora?[example] ?? 0;

    /// <inheritdoc/>
    public int SourceLength(int pair) => examples[pair].Source.Length;

    /// <inheritdoc/>
    public int TargetLength(int pair) => examples[pair].Target.Length;

    /// <inheritdoc/>
    public void CopySource(int pair, Span<long> to) => Copy(examples[pair].Source, to);

    /// <inheritdoc/>
    public void CopyTarget(int pair, Span<long> to) => Copy(examples[pair].Target, to);

    private static void Copy(int[] from, Span<long> to)
    {
        for (var i = 0; i < from.Length; i++)
        {
            to[i] = from[i];
        }
    }
}
