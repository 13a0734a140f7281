namespace TransformerClinic.Data;

/// <summary>Which items stand for a whole list: evenly spread, the same ones for every list of the same length.</summary>
internal static class SpreadSample
{
    /// <summary>At most <paramref name="most"/> of the positions of <paramref name="count"/> items, ascending.</summary>
    public static IEnumerable<int> Of(int count, int most)
    {
        var taken = Math.Min(most, count);
        return Enumerable.Range(0, taken).Select(i => (int)(((2L * i) + 1) * count / (2 * taken)));
    }
}
