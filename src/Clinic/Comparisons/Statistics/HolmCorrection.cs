namespace TransformerClinic.Comparisons.Statistics;

/// <summary>
/// Holm's correction for several tests: the k-th smallest of m p-values is multiplied by <c>m - k + 1</c>, and no
/// adjusted one is smaller than one before it. All adjusted values below 0.05 are then right together with a
/// probability of at least 95 %.
/// </summary>
internal static class HolmCorrection
{
    /// <summary>The adjusted p-values, in the order of the given ones.</summary>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> values)
    {
        var adjusted = new double[values.Count];
        var largest = 0.0;
        foreach (var (rank, entry) in values.Index().OrderBy(entry => entry.Item).Index())
        {
            largest = Math.Max(largest, Math.Min(1, (values.Count - rank) * entry.Item));
            adjusted[entry.Index] = largest;
        }

        return adjusted;
    }
}
