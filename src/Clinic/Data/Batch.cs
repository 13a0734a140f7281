using TransformerClinic.Text;

namespace TransformerClinic.Data;

/// <summary>
/// Some examples as rectangles of ids, row after row, padded on the right. The previous output is the target shifted
/// by one: the end mark comes first.
/// </summary>
internal sealed class Batch
{
    /// <summary>A batch of examples in memory.</summary>
    /// <param name="all">The set.</param>
    /// <param name="examples">Which of its examples.</param>
    public Batch(IReadOnlyList<ParallelExample> all, int[] examples)
        : this(new HeldExamples(all), examples, examples) { }

    /// <summary>A batch of pairs.</summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="rows">Which of them.</param>
    /// <param name="examples">Which examples of the set these are.</param>
    public Batch(IIdPairs pairs, ReadOnlySpan<int> rows, int[] examples)
    {
        Examples = examples;
        foreach (var pair in rows)
        {
            SourceLength = Math.Max(SourceLength, pairs.SourceLength(pair));
            TargetLength = Math.Max(TargetLength, pairs.TargetLength(pair));
        }

        Source = Padded(SourceLength);
        PreviousOutput = Padded(TargetLength);
        Target = Padded(TargetLength);
        for (var row = 0; row < rows.Length; row++)
        {
            var (source, target) = (pairs.SourceLength(rows[row]), pairs.TargetLength(rows[row]));
            var at = row * TargetLength;
            pairs.CopySource(rows[row], Source.AsSpan(row * SourceLength, source));
            pairs.CopyTarget(rows[row], Target.AsSpan(at, target));
            PreviousOutput[at] = Vocabulary.EndOfSentence;
            Target.AsSpan(at, target - 1).CopyTo(PreviousOutput.AsSpan(at + 1));
            SourceTokens += source;
            TargetTokens += target;
        }
    }

    /// <summary>Number of rows.</summary>
    public int Size => Examples.Length;

    /// <summary>Columns of the source.</summary>
    public int SourceLength { get; }

    /// <summary>Columns of the target.</summary>
    public int TargetLength { get; }

    /// <summary>Source tokens, padding not counted.</summary>
    public int SourceTokens { get; }

    /// <summary>Target tokens, padding not counted.</summary>
    public int TargetTokens { get; }

    /// <summary><c>[size * sourceLength]</c></summary>
    public long[] Source { get; }

    /// <summary><c>[size * targetLength]</c></summary>
    public long[] PreviousOutput { get; }

    /// <summary><c>[size * targetLength]</c></summary>
    public long[] Target { get; }

    /// <summary>Which examples of the set the rows are.</summary>
    public int[] Examples { get; }

    private long[] Padded(int length)
    {
        var tokens = new long[Examples.Length * length];
        Array.Fill(tokens, Vocabulary.Pad);
        return tokens;
    }
}

/// <summary>A sentence pair as ids, each side ending with the end mark.</summary>
internal sealed record ParallelExample(int[] Source, int[] Target)
{
    /// <summary>Ids of the longer side.</summary>
    internal int LongerSide => Math.Max(Source.Length, Target.Length);
}
