using TransformerClinic.Pages.Elements;

namespace TransformerClinic.Reports.Charts;

/// <summary>How a kind of mark in a legend looks.</summary>
internal enum Swatch
{
    /// <summary>A thick line.</summary>
    Line,

    /// <summary>A thin line.</summary>
    ThinLine,

    /// <summary>A dashed line.</summary>
    DashedLine,

    /// <summary>A dot.</summary>
    Dot,

    /// <summary>A circle.</summary>
    Ring,

    /// <summary>A bar.</summary>
    Bar,

    /// <summary>A filled area.</summary>
    Area,
}

/// <summary>One line of a legend.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Color">Its color in the drawing.</param>
/// <param name="Swatch">Its look in the drawing.</param>
internal sealed record LegendEntry(string Name, string Color, Swatch Swatch)
{
    /// <summary>Size of the look.</summary>
    public const int SwatchWidth = Pages.Elements.SwatchMark.Width,
        SwatchHeight = Pages.Elements.SwatchMark.Height;

    /// <summary>How much of their color filled areas have.</summary>
    public const double AreaOpacity = 0.22;

    /// <summary>The entry as a page shows it.</summary>
    public LegendView View() => new(Name, Svg.Shapes([Mark(0, SwatchHeight / 2)]).ToString());

    /// <summary>Its look, from a left edge on and around a middle.</summary>
    public Shape Mark(double left, double middle) =>
        Swatch switch
        {
            Swatch.Dot => new Disc(left + (SwatchWidth / 2), middle, 8, Color),
            Swatch.Ring => new Disc(left + (SwatchWidth / 2), middle, 9, Color, Hollow: true),
            Swatch.Area => new Block(
                left,
                middle - (SwatchHeight / 2),
                left + SwatchWidth,
                middle + (SwatchHeight / 2),
                Color,
                AreaOpacity
            ),
            Swatch.Bar => new Block(left, middle - 5, left + SwatchWidth, middle + 5, Color),
            Swatch.ThinLine => LineMark(1.2, left, middle),
            Swatch.DashedLine => LineMark(2, left, middle) with { Dashed = true },
            _ => LineMark(3, left, middle),
        };

    private Stroke LineMark(double width, double left, double middle) =>
        new([(left, middle), (left + SwatchWidth, middle)], Color, width);
}
