using TransformerClinic.Reports.Markup;

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

    /// <summary>A filled area.</summary>
    Area,
}

/// <summary>One line of a legend.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Color">Its colour in the drawing.</param>
/// <param name="Swatch">Its look in the drawing.</param>
internal sealed record LegendEntry(string Name, string Color, Swatch Swatch)
{
    /// <summary>The entry as an item of a list.</summary>
    public Html Render() => Html.Of($"""<li>{RenderInline()}</li>""");

    /// <summary>The entry within a text.</summary>
    public Html RenderInline() =>
        Html.Of($"""<svg class="swatch" viewBox="0 0 24 12" aria-hidden="true">{Mark()}</svg>{Name}""");

    private Html Mark() =>
        Swatch switch
        {
            Swatch.Dot => Html.Of($"""<circle cx="12" cy="6" r="4" fill="{Color}"/>"""),
            Swatch.Area => Html.Of($"""<rect width="24" height="12" fill="{Color}" fill-opacity="0.22"/>"""),
            Swatch.ThinLine => Html.Of($"""<path d="M0 6H24" stroke="{Color}" stroke-width="1.2"/>"""),
            Swatch.DashedLine => Html.Of(
                $"""<path d="M0 6H24" stroke="{Color}" stroke-width="2" stroke-dasharray="7 4"/>"""
            ),
            _ => Html.Of($"""<path d="M0 6H24" stroke="{Color}" stroke-width="3"/>"""),
        };
}
