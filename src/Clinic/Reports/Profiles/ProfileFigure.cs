using TransformerClinic.Reports.Charts;

namespace TransformerClinic.Reports.Profiles;

/// <summary>Omegas against the number of the sublayer, one line per depth, with a reference's as marks.</summary>
internal static class ProfileFigure
{
    /// <summary>Writes the figure as SVG and as PNG; <paramref name="path"/> lacks the ending.</summary>
    public static void Write(ProfileResults results, IReadOnlyList<ReferenceOmega> reference, string chain, string path)
    {
        var lines = results
            .Depths.Select(
                (depth, i) =>
                    (
                        Name: $"{depth.Depth} layers",
                        Palette.OfVariant(i).Color,
                        Width: 4 - (2.0 * i / results.Depths.Count),
                        Points: PointsOf(depth, chain)
                    )
            )
            .ToList();
        List<(double X, double Y)> marks = [.. reference.Select(omega => ((double)omega.Index, omega.Omega))];
        var all = lines.SelectMany(line => line.Points).Concat(marks).ToList();
        var chart = new Chart(
            Axis.Around(all.Select(point => point.X), fromZero: true, least: 1),
            Axis.Around(all.Select(point => point.Y), fromZero: true),
            "sublayer, from input to output",
            "omega"
        );
        foreach (var line in lines.AsEnumerable().Reverse())
        {
            chart.Line(line.Points, line.Color, line.Width);
        }

        chart.Points(marks, Palette.Ink, size: 10, hollow: true);
        ChartFile.Write(
            path,
            $"Omegas of the {chain} before training",
            chart,
            [
                .. lines.Select(line => new LegendEntry(line.Name, line.Color, Swatch.Line)),
                .. marks.Take(1).Select(_ => new LegendEntry("reference", Palette.Ink, Swatch.Ring)),
            ]
        );
    }

    private static List<(double X, double Y)> PointsOf(DepthProfile depth, string chain) =>
        [
            .. depth
                .Profile.Connections.Where(connection => connection.Chain == chain)
                .Select(connection => ((double)connection.Index, connection.Omega)),
        ];
}
