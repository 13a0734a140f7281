namespace TransformerClinic.Data.Epochs;

/// <summary>
/// The order of examples in which neighbors are alike in both lengths, which halves the padding: by the longer side;
/// among those whose longer side is as long, sources grow to that length, then targets shrink from it.
/// </summary>
internal static class LengthOrder
{
    /// <summary>Sorts pairs; those of the same lengths stay in the order in which they came.</summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="order">Which ones, in any order; afterwards sorted.</param>
    public static void Sort(IIdPairs pairs, int[] order)
    {
        var keys = new ulong[order.Length];
        var places = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            keys[i] = Key(pairs.SourceLength(order[i]), pairs.TargetLength(order[i]));
            places[i] = i;
        }

        Array.Sort(keys, places);
        SortRuns(keys, places);
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = order[places[i]];
        }

        places.CopyTo(order, 0);
    }

    /// <summary>
    /// One number that orders pairs of lengths. Where the source is the longer side, <c>longer - target</c> is what
    /// comes after the sources that are not, so both run through <c>0 .. 2 longer</c>, which fits into 32 bits.
    /// </summary>
    private static ulong Key(int source, int target)
    {
        var longer = (ulong)Math.Max(source, target);
        var within = source < target ? (ulong)source : longer + (longer - (ulong)target);
        return (longer << 32) | within;
    }

    /// <summary>Sorting is not stable: within a run of equal keys the places are put in their order again.</summary>
    private static void SortRuns(ulong[] keys, int[] places)
    {
        for (var start = 0; start < keys.Length; )
        {
            var end = start + 1;
            while (end < keys.Length && keys[end] == keys[start])
            {
                end++;
            }

            Array.Sort(places, start, end - start);
            start = end;
        }
    }
}
