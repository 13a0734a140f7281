using ScottPlot;
using TransformerClinic.Reports.Markup;

namespace TransformerClinic.Reports.Charts;

/// <summary>
/// One pair of axes with lines, bands, points and bars. ScottPlot draws the geometry; labels are SVG text of the page's
/// own fonts, anchored at their ticks, so they stand right whatever fonts the machine or the reader's browser has.
/// </summary>
internal sealed class Chart
{
    private readonly Axis x;
    private readonly Axis y;
    private readonly int height;
    private readonly PixelPadding padding;
    private readonly List<Action<Plot>> shapes = [];
    private readonly List<Html> labels = [];

    /// <summary>An empty chart; <paramref name="rightTicks"/> adds a second reading of the vertical axis.</summary>
    public Chart(
        Axis x,
        Axis y,
        string xLabel,
        string yLabel,
        string rightLabel = "",
        IReadOnlyList<(double At, string Label)>? rightTicks = null,
        int height = 300
    )
    {
        (this.x, this.y, this.height) = (x, y, height);
        // Left, right, bottom, top.
        padding = new PixelPadding(RoomFor(y.Ticks, 8), RoomFor(rightTicks ?? [], 22), 52, yLabel.Length > 0 ? 34 : 8);
        DrawTicks(rightTicks ?? []);
        var (left, right, bottom) = (0, Width, height - 8);
        AddLabel(left, 16, "start", "title", yLabel);
        AddLabel(right, 16, "end", "title", rightLabel);
        AddLabel((padding.Left + Width - padding.Right) / 2, bottom, "middle", "title", xLabel);
    }

    /// <summary>A chart of losses in nats over updates, which can also be read as perplexities.</summary>
    public static Chart OfLosses(IReadOnlyList<(double X, double Y)> points, double? unigramLoss)
    {
        var y = Axis.Around([.. points.Select(point => point.Y), .. unigramLoss is { } level ? [level] : (double[])[]]);
        var perplexities = y.PerplexityTicks();
        var chart = new Chart(
            Axis.OfUpdates(points.Select(point => point.X)),
            y,
            "updates",
            "nats per token",
            perplexities.Count > 0 ? "perplexity" : "",
            perplexities
        );
        if (unigramLoss is { } unigram)
        {
            chart.Level(unigram, "subword frequencies alone");
        }

        return chart;
    }

    /// <summary>Width of every chart, in SVG units: near to a phone's, so that text keeps its size there.</summary>
    public const int Width = 460;

    /// <summary>A line through points.</summary>
    public void Line(
        IReadOnlyList<(double X, double Y)> points,
        string color,
        double width = 2,
        bool dashed = false,
        double opacity = 1
    )
    {
        if (points.Count == 0)
        {
            return;
        }

        if (points.Count == 1)
        {
            Points(points, color, 6);
            return;
        }

        shapes.Add(plot =>
        {
            var line = plot.Add.ScatterLine(Xs(points), Ys(points), Color.FromHex(color).WithAlpha(opacity));
            line.LineWidth = (float)width;
            line.LinePattern = dashed ? LinePattern.Dashed : LinePattern.Solid;
        });
    }

    /// <summary>Round marks.</summary>
    public void Points(IReadOnlyList<(double X, double Y)> points, string color, double size = 6)
    {
        if (points.Count > 0)
        {
            shapes.Add(plot =>
                plot.Add.ScatterPoints(Xs(points), Ys(points), Color.FromHex(color)).MarkerSize = (float)size
            );
        }
    }

    /// <summary>The area between two curves.</summary>
    public void Band(IReadOnlyList<(double X, double Low, double High)> curve, string color)
    {
        if (curve.Count == 0)
        {
            return;
        }

        shapes.Add(plot =>
        {
            var band = plot.Add.FillY([.. curve.Select(p => (x.Of(p.X), y.Of(p.Low), y.Of(p.High)))]);
            band.FillColor = Color.FromHex(color).WithAlpha(0.22);
            band.LineWidth = 0;
            band.MarkerSize = 0;
        });
    }

    /// <summary>A dashed line over the whole width, with its name above it.</summary>
    public void Level(double value, string name)
    {
        Line([(x.Min, value), (x.Max, value)], Palette.Grey, 1.5, dashed: true);
        AddLabel(Width - padding.Right - 4, PixelY(y.Of(value)) - 6, "end", "level", name);
    }

    /// <summary>A horizontal bar from zero.</summary>
    public void Bar(double at, double value, string color) =>
        shapes.Add(plot =>
        {
            var bar = plot.Add.Bar(
                new Bar
                {
                    Position = at,
                    Value = value,
                    Size = 0.36,
                    FillColor = Color.FromHex(color).WithAlpha(0.6),
                    LineWidth = 0,
                }
            );
            bar.Horizontal = true;
        });

    /// <summary>Text at the left edge at the height of <paramref name="at"/>, or at the right edge.</summary>
    public void Text(double at, string text, bool right = false) =>
        AddLabel(right ? Width - padding.Right : padding.Left, PixelY(at) + 5, right ? "end" : "start", "mark", text);

    /// <summary>The chart as inline SVG whose ids start with <paramref name="id"/>.</summary>
    public Html Render(string id, string description)
    {
        using var plot = new Plot();
        foreach (var shape in shapes)
        {
            shape(plot);
        }

        PrepareAxes(plot);
        return Svg.Inline(plot.GetSvgXml(Width, height), id, description, Html.Join(labels));
    }

    private void PrepareAxes(Plot plot)
    {
        plot.FigureBackground.Color = Colors.Transparent;
        plot.DataBackground.Color = Colors.Transparent;
        plot.Layout.Fixed(padding);
        plot.Axes.SetLimits(x.Min, x.Max, y.Min, y.Max);
        plot.Axes.Right.IsVisible = plot.Axes.Top.IsVisible = plot.Axes.Left.IsVisible = false;
        plot.Axes.Bottom.FrameLineStyle.Color = plot.Axes.Bottom.MajorTickStyle.Color = Color.FromHex(Palette.Grey);
        plot.Axes.Bottom.MajorTickStyle.Length = 0;
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericManual(
            [.. x.Ticks.Select(tick => tick.At)],
            [.. x.Ticks.Select(_ => "")]
        );
        plot.Axes.Left.TickGenerator = new ScottPlot.TickGenerators.NumericManual(
            [.. y.Ticks.Select(tick => tick.At)],
            [.. y.Ticks.Select(_ => "")]
        );
        plot.Grid.MajorLineColor = Color.FromHex(Palette.Faint);
        plot.HideLegend();
    }

    private void DrawTicks(IReadOnlyList<(double At, string Label)> rightTicks)
    {
        foreach (var (at, label) in x.Ticks)
        {
            AddLabel(PixelX(at), height - padding.Bottom + 20, "middle", "tick", label);
        }

        foreach (var (at, label) in y.Ticks)
        {
            AddLabel(padding.Left - 8, PixelY(at) + 5, "end", "tick", label);
        }

        foreach (var (at, label) in rightTicks)
        {
            AddLabel(Width - padding.Right + 8, PixelY(at) + 5, "start", "tick", label);
        }
    }

    private void AddLabel(double atX, double atY, string anchor, string kind, string text)
    {
        if (text.Length > 0)
        {
            var (left, top) = (Svg.Pixel(atX), Svg.Pixel(atY));
            labels.Add(Html.Of($"""<text x="{left}" y="{top}" text-anchor="{anchor}" class="{kind}">{text}</text>"""));
        }
    }

    // At the larger size that phones get, a digit is just under ten units wide.
    private static float RoomFor(IReadOnlyList<(double At, string Label)> ticks, float least) =>
        ticks.Count == 0 ? least : 12 + (9.6f * ticks.Max(tick => tick.Label.Length));

    private double PixelX(double at) =>
        padding.Left + ((at - x.Min) / (x.Max - x.Min) * (Width - padding.Left - padding.Right));

    private double PixelY(double at) =>
        height - padding.Bottom - ((at - y.Min) / (y.Max - y.Min) * (height - padding.Top - padding.Bottom));

    private double[] Xs(IReadOnlyList<(double X, double Y)> points) => [.. points.Select(point => x.Of(point.X))];

    private double[] Ys(IReadOnlyList<(double X, double Y)> points) => [.. points.Select(point => y.Of(point.Y))];
}
