namespace TransformerClinic.Reports.Charts;

/// <summary>The rectangle of a picture in which two axes lie.</summary>
internal sealed record Frame(Axis Across, Axis Up, double Left, double Top, double Right, double Bottom)
{
    /// <summary>The pixel of a horizontal coordinate.</summary>
    public double X(double at) => Left + ((at - Across.Min) / (Across.Max - Across.Min) * (Right - Left));

    /// <summary>The pixel of a vertical coordinate.</summary>
    public double Y(double at) => Bottom - ((at - Up.Min) / (Up.Max - Up.Min) * (Bottom - Top));

    /// <summary>The pixel of two values.</summary>
    public (double X, double Y) Place((double X, double Y) point) => (X(Across.Of(point.X)), Y(Up.Of(point.Y)));
}
