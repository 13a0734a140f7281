using SkiaSharp;

namespace TransformerClinic.Reports.Charts;

/// <summary>Pictures as PNG, drawn by Skia.</summary>
internal static class Png
{
    /// <summary>The file of a picture, on white, at twice its size: sharp on screens and in print.</summary>
    public static byte[] Document(Picture picture)
    {
        const int Scale = 2;
        using var bitmap = new SKBitmap(Scale * picture.Width, Scale * picture.Height);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        canvas.Scale(Scale);
        foreach (var shape in picture.Shapes)
        {
            Draw(canvas, shape);
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return data.ToArray();
    }

    private static void Draw(SKCanvas canvas, Shape shape)
    {
        switch (shape)
        {
            case Stroke stroke:
                DrawStroke(canvas, stroke);
                break;
            case Area area:
                using (var path = Path([.. area.Corners, area.Corners[0]]))
                using (var fill = Fill(area.Color, area.Opacity))
                {
                    canvas.DrawPath(path, fill);
                }

                break;
            case Block block:
                using (var fill = Fill(block.Color, block.Opacity))
                {
                    fill.IsAntialias = false;
                    var (left, top) = ((float)block.Left, (float)block.Top);
                    canvas.DrawRect(new SKRect(left, top, (float)block.Right, (float)block.Bottom), fill);
                }

                break;
            case Disc disc:
                using (var paint = disc.Hollow ? Line(disc.Color, Disc.Rim) : Fill(disc.Color))
                {
                    canvas.DrawCircle((float)disc.X, (float)disc.Y, (float)disc.Diameter / 2, paint);
                }

                break;
            case Label label:
                DrawLabel(canvas, label);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(shape), shape, "No such shape.");
        }
    }

    private static void DrawStroke(SKCanvas canvas, Stroke stroke)
    {
        using var path = Path(stroke.Points);
        using var paint = Line(stroke.Color, stroke.Width, stroke.Opacity);
        using var dashes = stroke.Dashed ? SKPathEffect.CreateDash([Stroke.Dash, Stroke.Gap], 0) : null;
        paint.PathEffect = dashes;
        canvas.DrawPath(path, paint);
    }

    private static void DrawLabel(SKCanvas canvas, Label label)
    {
        var style = TextStyle.Of(label.Kind);
        using var typeface = Typeface(style.Bold);
        using var font = new SKFont(typeface, (float)style.Size) { Edging = SKFontEdging.Antialias };
        var align = label.Anchor switch
        {
            Anchor.Start => SKTextAlign.Left,
            Anchor.Middle => SKTextAlign.Center,
            _ => SKTextAlign.Right,
        };
        if (style.Halo)
        {
            using var halo = Line(Palette.Paper, TextStyle.HaloWidth);
            canvas.DrawText(label.Text, (float)label.X, (float)label.Y, align, font, halo);
        }

        using var ink = Fill(style.Color);
        canvas.DrawText(label.Text, (float)label.X, (float)label.Y, align, font, ink);
    }

    private static SKTypeface Typeface(bool bold)
    {
        var family = TextStyle.Fonts.FirstOrDefault(SKFontManager.Default.FontFamilies.Contains);
        return SKTypeface.FromFamilyName(family, bold ? SKFontStyle.Bold : SKFontStyle.Normal);
    }

    private static SKPath Path(IReadOnlyList<(double X, double Y)> points)
    {
        var path = new SKPath();
        path.MoveTo((float)points[0].X, (float)points[0].Y);
        foreach (var (x, y) in points.Skip(1))
        {
            path.LineTo((float)x, (float)y);
        }

        return path;
    }

    private static SKPaint Fill(string color, double opacity = 1) =>
        new() { Color = SKColor.Parse(color).WithAlpha((byte)Math.Round(255 * opacity)), IsAntialias = true };

    private static SKPaint Line(string color, double width, double opacity = 1)
    {
        var paint = Fill(color, opacity);
        paint.Style = SKPaintStyle.Stroke;
        paint.StrokeWidth = (float)width;
        paint.StrokeJoin = SKStrokeJoin.Round;
        return paint;
    }
}
