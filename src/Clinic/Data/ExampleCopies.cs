namespace TransformerClinic.Data;

/// <summary>Examples as objects, wherever they are.</summary>
internal static class ExampleCopies
{
    /// <summary>A copy of an example.</summary>
    public static ParallelExample Copy(this IIdPairs pairs, int pair)
    {
        var source = new long[pairs.SourceLength(pair)];
        var target = new long[pairs.TargetLength(pair)];
        pairs.CopySource(pair, source);
        pairs.CopyTarget(pair, target);
        return new ParallelExample(Narrow(source), Narrow(target));
    }

    /// <summary>A copy of all examples, by number.</summary>
    public static ParallelExample[] CopyAll(this IExamples examples)
    {
        var copies = new ParallelExample[examples.Count];
        for (var i = 0; i < copies.Length; i++)
        {
            copies[i] = examples.Copy(i);
        }

        return copies;
    }

    private static int[] Narrow(long[] ids) => Array.ConvertAll(ids, id => (int)id);
}
