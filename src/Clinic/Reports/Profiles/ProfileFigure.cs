using ScottPlot;
using TransformerClinic.Files;
using Palette = TransformerClinic.Reports.Charts.Palette;

namespace TransformerClinic.Reports.Profiles;

/// <summary>Omegas against the number of the sublayer, a line a depth, with a reference's as marks.</summary>
internal static class ProfileFigure
{
    private const int Width = 720;
    private const int Height = 440;

    /// <summary>Writes the figure as SVG and as PNG; <paramref name="path"/> lacks the ending.</summary>
    public static void Write(ProfileResults results, IReadOnlyList<ReferenceOmega> reference, string chain, string path)
    {
        using var plot = new Plot();
        foreach (var (i, depth) in results.Depths.Index().Reverse())
        {
            var found = depth.Profile.Connections.Where(connection => connection.Chain == chain).ToList();
            var line = plot.Add.ScatterLine(
                found.Select(connection => (double)connection.Index).ToArray(),
                found.Select(connection => connection.Omega).ToArray(),
                Color.FromHex(Palette.OfVariant(i).Color)
            );
            line.LineWidth = 5 - (2f * i / results.Depths.Count) - 1;
            line.LegendText = $"{depth.Depth} layers";
        }

        if (reference.Count > 0)
        {
            var marks = plot.Add.ScatterPoints(
                reference.Select(omega => (double)omega.Index).ToArray(),
                reference.Select(omega => omega.Omega).ToArray(),
                Color.FromHex(Palette.Ink)
            );
            marks.MarkerShape = MarkerShape.OpenCircle;
            marks.MarkerSize = 10;
            marks.MarkerLineWidth = 2;
            marks.LegendText = "reference";
        }

        plot.Title($"Omegas of the {chain} before training");
        plot.XLabel("sublayer, from input to output");
        plot.YLabel("omega");
        plot.Axes.AutoScale();
        plot.Axes.SetLimitsY(0, plot.Axes.GetLimits().Top);
        plot.ShowLegend(Alignment.LowerRight);
        AtomicFile.WriteText(path + ".svg", plot.GetSvgXml(Width, Height));
        AtomicFile.Write(path + ".png", stream => stream.Write(plot.GetImage(Width, Height).GetImageBytes()));
    }
}
