namespace TransformerClinic.Reports.Charts;

/// <summary>What a text in a picture is for. The style sheet of the pages has a class for each.</summary>
internal enum TextKind
{
    /// <summary>The title of the whole picture.</summary>
    Heading,

    /// <summary>What an axis measures.</summary>
    Title,

    /// <summary>A number at an axis.</summary>
    Tick,

    /// <summary>The name of a reference line.</summary>
    Level,

    /// <summary>A name or a number among the marks.</summary>
    Mark,

    /// <summary>Text on a dark cell.</summary>
    Pale,
}

/// <summary>How text looks in a file, which has no style sheet of ours around it.</summary>
/// <param name="Size">In pixels.</param>
/// <param name="Color">Its color.</param>
/// <param name="Bold">Whether it is bold.</param>
/// <param name="Halo">Whether it has a rim of the background's color, to be legible on top of lines.</param>
internal sealed record TextStyle(double Size, string Color, bool Bold = false, bool Halo = false)
{
    private const string Quiet = "#5d646c";

    /// <summary>The first of these that a machine has is taken.</summary>
    public static IReadOnlyList<string> Fonts { get; } =
    ["Segoe UI", "Helvetica", "Arial", "Liberation Sans", "DejaVu Sans", "Noto Sans"];

    /// <summary>Width of the rim.</summary>
    public const int HaloWidth = 4;

    /// <summary>The style of a kind of text.</summary>
    public static TextStyle Of(TextKind kind) =>
        kind switch
        {
            TextKind.Heading => new TextStyle(17, Palette.Ink, Bold: true),
            TextKind.Title => new TextStyle(13.5, Quiet),
            TextKind.Level => new TextStyle(13, Quiet, Halo: true),
            TextKind.Mark => new TextStyle(14, Palette.Ink),
            TextKind.Pale => new TextStyle(14, Palette.Paper),
            _ => new TextStyle(14, Quiet),
        };
}
