namespace TransformerClinic.Data;

/// <summary>Examples in memory: one shard, in the order of reading.</summary>
internal sealed class HeldExamples(IReadOnlyList<ParallelExample> examples) : IExamples
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
    public int Corpus(int example) => 0;

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
