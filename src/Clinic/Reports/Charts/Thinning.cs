namespace TransformerClinic.Reports.Charts;

/// <summary>Fewer points for the same picture: a page needs no more points than a screen has columns.</summary>
internal static class Thinning
{
    private const int Stretches = 200;

    /// <summary>
    /// The points of a curve, or, if there are more than 400, the lowest and the highest of each of 200 stretches, so
    /// that no spike is lost. Values that are not finite are left out: the caller says so.
    /// </summary>
    public static IReadOnlyList<(double X, double Y)> KeepExtremes(IEnumerable<(double X, double Y)> curve)
    {
        var points = curve.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y)).ToList();
        if (points.Count <= 2 * Stretches)
        {
            return points;
        }

        return
        [
            .. points
                .Select((point, index) => (point, index))
                .GroupBy(item => (long)item.index * Stretches / points.Count)
                .SelectMany(stretch =>
                    new[] { stretch.MinBy(item => item.point.Y), stretch.MaxBy(item => item.point.Y) }
                        .Distinct()
                        .OrderBy(item => item.index)
                )
                .Select(item => item.point),
        ];
    }
}
