using System.Globalization;
using TransformerClinic.Reports.Markup;

namespace TransformerClinic.Reports.Charts;

/// <summary>Pictures as SVG.</summary>
internal static class Svg
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>A file of its own, on white.</summary>
    public static string Document(Picture picture) =>
        Html.Of(
                $"""
                <svg xmlns="http://www.w3.org/2000/svg" width="{picture.Width}" height="{picture.Height}" viewBox="0 0 {
                    picture.Width} {picture.Height}" font-family="{FontFamily()}">
                <style>
                {Enum.GetValues<TextKind>().Select(Rule)}
                </style>
                <rect width="100%" height="100%" fill="{Palette.Paper}"/>
                {Shapes(picture.Shapes)}
                </svg>

                """
            )
            .ToString()
            .ReplaceLineEndings("\n");

    /// <summary>Shapes as elements, a line each.</summary>
    public static Html Shapes(IEnumerable<Shape> shapes) => Html.Join(shapes.Select(Element));

    private static Html Element(Shape shape) =>
        shape switch
        {
            Stroke stroke => Html.Of(
                $"""<path d="{Path(stroke.Points)}" fill="none" stroke="{stroke.Color}" stroke-width="{
                    Number(stroke.Width)}" stroke-linejoin="round"{Dashes(stroke)}{
                    Opacity("stroke", stroke.Opacity)}/>"""
            ),
            Area area => Html.Of(
                $"""<path d="{Path(area.Corners)}Z" fill="{area.Color}"{Opacity("fill", area.Opacity)}/>"""
            ),
            Block block => Html.Of(
                $"""<rect x="{Number(block.Left)}" y="{Number(block.Top)}" width="{
                    Number(block.Right - block.Left)}" height="{Number(block.Bottom - block.Top)}" fill="{
                    block.Color}"{Opacity("fill", block.Opacity)} shape-rendering="crispEdges"/>"""
            ),
            Disc { Hollow: true } ring => Html.Of(
                $"""<circle cx="{Number(ring.X)}" cy="{Number(ring.Y)}" r="{
                    Number(ring.Diameter / 2)}" fill="none" stroke="{ring.Color}" stroke-width="{Disc.Rim}"/>"""
            ),
            Disc disc => Html.Of(
                $"""<circle cx="{Number(disc.X)}" cy="{Number(disc.Y)}" r="{
                    Number(disc.Diameter / 2)}" fill="{disc.Color}"/>"""
            ),
            Label label => Html.Of(
                $"""<text x="{Number(label.X)}" y="{Number(label.Y)}" text-anchor="{
                    Lower(label.Anchor)}" class="{Lower(label.Kind)}">{label.Text}</text>"""
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "No such shape."),
        };

    private static string Path(IReadOnlyList<(double X, double Y)> points) =>
        "M" + string.Join('L', points.Select(point => $"{Number(point.X)} {Number(point.Y)}"));

    private static Html Dashes(Stroke stroke) =>
        stroke.Dashed ? Html.Of($" stroke-dasharray=\"{Stroke.Dash} {Stroke.Gap}\"") : Html.Empty;

    private static Html Opacity(string what, double opacity) =>
        opacity < 1 ? Html.Of($" {what}-opacity=\"{Number(opacity)}\"") : Html.Empty;

    private static Html Rule(TextKind kind)
    {
        var style = TextStyle.Of(kind);
        var bold = style.Bold ? "font-weight:bold;" : "";
        var halo = style.Halo
            ? $"paint-order:stroke;stroke:{Palette.Paper};stroke-width:{TextStyle.HaloWidth}px;stroke-linejoin:round;"
            : "";
        return Html.Of($".{Lower(kind)}{{font-size:{Number(style.Size)}px;fill:{style.Color};{bold}{halo}}}");
    }

    private static string FontFamily() => string.Join(", ", TextStyle.Fonts) + ", sans-serif";

    private static string Lower(Enum name) => name.ToString().ToLowerInvariant();

    // A hundredth of a pixel is finer than any screen.
    private static string Number(double value) => value.ToString("0.##", Culture);
}
