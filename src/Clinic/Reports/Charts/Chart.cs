namespace TransformerClinic.Reports.Charts;

/// <summary>
/// One pair of axes with lines, bands, points, bars and cells. Text is as wide as its letters are many: the same chart
/// is the same bytes on every machine, whatever fonts it has.
/// </summary>
internal sealed class Chart(
    Axis x,
    Axis y,
    string xLabel,
    string yLabel,
    string rightLabel = "",
    IReadOnlyList<(double At, string Label)>? rightTicks = null,
    int height = 300
)
{
    private readonly List<Func<Frame, Shape>> marks = [];
    private readonly IReadOnlyList<(double At, string Label)> rightTicks = rightTicks ?? [];

    /// <summary>Width of every chart of a page: near to a phone's, so that text keeps its size there.</summary>
    private const int PageWidth = 460;

    /// <summary>Whether lines go through the ticks.</summary>
    public bool HasGrid { get; init; } = true;

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

    /// <summary>A line through points; a single point is a mark.</summary>
    public void Line(
        IReadOnlyList<(double X, double Y)> points,
        string color,
        double width = 2,
        bool dashed = false,
        double opacity = 1
    )
    {
        if (points.Count == 1)
        {
            Points(points, color);
        }
        else if (points.Count > 1)
        {
            marks.Add(frame => new Stroke([.. points.Select(frame.Place)], color, width)
            {
                Dashed = dashed,
                Opacity = opacity,
            });
        }
    }

    /// <summary>Round marks.</summary>
    public void Points(IReadOnlyList<(double X, double Y)> points, string color, double size = 6, bool hollow = false)
    {
        foreach (var point in points)
        {
            marks.Add(frame =>
            {
                var (atX, atY) = frame.Place(point);
                return new Disc(atX, atY, size, color, hollow);
            });
        }
    }

    /// <summary>The area between two curves.</summary>
    public void Band(IReadOnlyList<(double X, double Low, double High)> curve, string color)
    {
        if (curve.Count > 0)
        {
            marks.Add(frame => new Area(
                [
                    .. curve.Select(point => frame.Place((point.X, point.High))),
                    .. curve.Reverse().Select(point => frame.Place((point.X, point.Low))),
                ],
                color,
                LegendEntry.AreaOpacity
            ));
        }
    }

    /// <summary>A dashed line over the whole width, with its name above it.</summary>
    public void Level(double value, string name)
    {
        Line([(x.Min, value), (x.Max, value)], Palette.Grey, 1.5, dashed: true);
        marks.Add(frame => new Label(frame.Right - 4, frame.Y(y.Of(value)) - 6, Anchor.End, TextKind.Level, name));
    }

    /// <summary>A filled rectangle between coordinates: a bar, or a cell of a heat map.</summary>
    public void Cell(double left, double right, double low, double high, string color, double opacity = 1) =>
        marks.Add(frame => new Block(frame.X(left), frame.Y(high), frame.X(right), frame.Y(low), color, opacity));

    /// <summary>Text at coordinates, centered in height.</summary>
    public void Text(double atX, double atY, string text, Anchor anchor, TextKind kind = TextKind.Mark) =>
        marks.Add(frame => new Label(frame.X(atX), frame.Y(atY) + 5, anchor, kind, text));

    /// <summary>Text at the left edge at the height of <paramref name="at"/>, or at the right edge.</summary>
    public void Text(double at, string text, bool right = false) =>
        Text(right ? x.Max : x.Min, at, text, right ? Anchor.End : Anchor.Start);

    /// <summary>The chart as a page has it.</summary>
    public Picture ForPage() => new(PageWidth, height, Shapes(0, 0, PageWidth, height));

    /// <summary>The chart as part of a picture.</summary>
    public IReadOnlyList<Shape> Shapes(int left, int top, int right, int bottom)
    {
        var frame = new Frame(
            x,
            y,
            Left: left + RoomFor(y.Ticks, least: 8),
            Top: top + (yLabel.Length > 0 ? 34 : 8),
            Right: right - RoomFor(rightTicks, least: 22),
            Bottom: bottom - 52
        );
        var drawn = marks.Select(mark => mark(frame)).ToLookup(mark => mark is Label);
        return
        [
            .. HasGrid ? Grid(frame) : [],
            .. drawn[false],
            .. HasGrid ? [Foot(frame)] : Array.Empty<Stroke>(),
            .. Ticks(frame),
            .. drawn[true],
            .. new[]
            {
                new Label(left, top + 16, Anchor.Start, TextKind.Title, yLabel),
                new Label(right, top + 16, Anchor.End, TextKind.Title, rightLabel),
                new Label((frame.Left + frame.Right) / 2, bottom - 8, Anchor.Middle, TextKind.Title, xLabel),
            }.Where(label => label.Text.Length > 0),
        ];
    }

    private IEnumerable<Stroke> Grid(Frame frame) =>
        [
            .. x
                .Ticks.Select(tick => frame.X(tick.At))
                .Select(at => new Stroke([(at, frame.Top), (at, frame.Bottom)], Palette.Faint, 1)),
            .. y
                .Ticks.Select(tick => frame.Y(tick.At))
                .Select(at => new Stroke([(frame.Left, at), (frame.Right, at)], Palette.Faint, 1)),
        ];

    // On top of the bars.
    private static Stroke Foot(Frame frame) =>
        new([(frame.Left, frame.Bottom), (frame.Right, frame.Bottom)], Palette.Grey, 1);

    private IEnumerable<Label> Ticks(Frame frame) =>
        [
            .. x.Ticks.Select(tick => Tick(frame.X(tick.At), frame.Bottom + 20, Anchor.Middle, tick.Label)),
            .. y.Ticks.Select(tick => Tick(frame.Left - 8, frame.Y(tick.At) + 5, Anchor.End, tick.Label)),
            .. rightTicks.Select(tick => Tick(frame.Right + 8, frame.Y(tick.At) + 5, Anchor.Start, tick.Label)),
        ];

    private static Label Tick(double atX, double atY, Anchor anchor, string text) =>
        new(atX, atY, anchor, TextKind.Tick, text);

    // At the larger size that phones get, a digit is just under ten units wide.
    private static double RoomFor(IReadOnlyList<(double At, string Label)> ticks, double least) =>
        ticks.Count == 0 ? least : 12 + (9.6 * ticks.Max(tick => tick.Label.Length));
}
