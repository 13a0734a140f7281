namespace TransformerClinic.Reports.Charts;

/// <summary>
/// Colors that people with any kind of color vision tell apart (Okabe and Ito 2008), the yellow left out because it
/// vanishes on white. The style sheet brightens them on a dark page, so each is legible there too.
/// </summary>
internal static class Palette
{
    public const string Blue = "#0072B2";
    public const string Vermilion = "#D55E00";
    public const string Green = "#009E73";
    public const string Purple = "#CC79A7";
    public const string Orange = "#E69F00";
    public const string Sky = "#56B4E9";

    /// <summary>What is there for orientation: axes, reference lines.</summary>
    public const string Grey = "#767676";

    /// <summary>Lines of the grid.</summary>
    public const string Faint = "#DEDDDB";

    /// <summary>Single points on top of colored areas.</summary>
    public const string Ink = "#22262B";

    /// <summary>The ground of files, which pages bring themselves.</summary>
    public const string Paper = "#FFFFFF";

    private static readonly string[] InOrder = [Blue, Vermilion, Green, Purple, Orange, Sky];

    /// <summary>All colors a figure may use.</summary>
    public static IReadOnlyList<string> All => [.. InOrder, Grey, Faint, Ink];

    /// <summary>
    /// Color of the n-th variant, and whether its lines are dashed since the colors have come round.
    /// </summary>
    public static (string Color, bool Dashed) OfVariant(int index) =>
        (InOrder[index % InOrder.Length], index / InOrder.Length % 2 == 1);
}
