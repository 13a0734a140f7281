namespace TransformerClinic.Reports.Charts;

/// <summary>What pictures are made of. Lengths are in pixels, from the top left corner.</summary>
internal abstract record Shape;

/// <summary>A line through points.</summary>
/// <param name="Points">Its points.</param>
/// <param name="Color">Its color.</param>
/// <param name="Width">Its width.</param>
internal sealed record Stroke(IReadOnlyList<(double X, double Y)> Points, string Color, double Width) : Shape
{
    /// <summary>Lengths of the dashes and of the gaps between them.</summary>
    public const int Dash = 7,
        Gap = 4;

    /// <summary>Whether it is dashed.</summary>
    public bool Dashed { get; init; }

    /// <summary>From 0, invisible, to 1.</summary>
    public double Opacity { get; init; } = 1;
}

/// <summary>A filled area within corners.</summary>
internal sealed record Area(IReadOnlyList<(double X, double Y)> Corners, string Color, double Opacity = 1) : Shape;

/// <summary>A filled rectangle. Its edges are sharp: neighbors leave no seam.</summary>
internal sealed record Block(double Left, double Top, double Right, double Bottom, string Color, double Opacity = 1)
    : Shape;

/// <summary>A round mark.</summary>
internal sealed record Disc(double X, double Y, double Diameter, string Color, bool Hollow = false) : Shape
{
    /// <summary>Width of the line of a hollow one.</summary>
    public const int Rim = 2;
}

/// <summary>Where the place of a text is within it.</summary>
internal enum Anchor
{
    /// <summary>At its left end.</summary>
    Start,

    /// <summary>In its middle.</summary>
    Middle,

    /// <summary>At its right end.</summary>
    End,
}

/// <summary>A line of text; <paramref name="Y"/> is its base line.</summary>
internal sealed record Label(double X, double Y, Anchor Anchor, TextKind Kind, string Text) : Shape;

/// <summary>Shapes, later ones on top of earlier ones.</summary>
internal sealed record Picture(int Width, int Height, IReadOnlyList<Shape> Shapes);
