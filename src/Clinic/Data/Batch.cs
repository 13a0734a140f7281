using TransformerClinic.Text;

namespace TransformerClinic.Data;

/// <summary>
/// Some examples as rectangles of ids, row after row, padded on the right. The previous output is the target shifted
/// by one: the end mark comes first.
/// </summary>
internal sealed class Batch
{
    /// <summary>A batch of these examples.</summary>
    /// <param name="all">The set.</param>
    /// <param name="examples">Which of its examples.</param>
    public Batch(IReadOnlyList<ParallelExample> all, int[] examples)
    {
        Examples = examples;
        SourceLength = examples.Max(example => all[example].Source.Length);
        TargetLength = examples.Max(example => all[example].Target.Length);
        Source = Padded(SourceLength);
        PreviousOutput = Padded(TargetLength);
        Target = Padded(TargetLength);
        for (var row = 0; row < examples.Length; row++)
        {
            var (source, target) = (all[examples[row]].Source, all[examples[row]].Target);
            Put(source, Source, row * SourceLength);
            Put(target, Target, row * TargetLength);
            PreviousOutput[row * TargetLength] = Vocabulary.EndOfSentence;
            Put(target.AsSpan(0, target.Length - 1), PreviousOutput, (row * TargetLength) + 1);
            SourceTokens += source.Length;
            TargetTokens += target.Length;
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

    private static void Put(ReadOnlySpan<int> from, long[] to, int at)
    {
        foreach (var id in from)
        {
            to[at++] = id;
        }
    }
}

/// <summary>A sentence pair as ids, each side ending with the end mark.</summary>
internal sealed record ParallelExample(int[] Source, int[] Target)
{
    /// <summary>Ids of the longer side.</summary>
    internal int LongerSide => Math.Max(Source.Length, Target.Length);
}
