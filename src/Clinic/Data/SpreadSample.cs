namespace TransformerClinic.Data;

/// <summary>Which items stand for a whole list: evenly spread, the same ones for lists of the same length.</summary>
internal static class SpreadSample
{
    /// <summary>At most <paramref name="most"/> of <paramref name="count"/> positions, ascending.</summary>
    public static IEnumerable<int> Of(int count, int most)
    {
        var taken = Math.Min(most, count);
        return Enumerable.Range(0, taken).Select(i => (int)(((2L * i) + 1) * count / (2 * taken)));
    }
}
