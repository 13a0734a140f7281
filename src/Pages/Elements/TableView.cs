namespace TransformerClinic.Pages.Elements;

/// <summary>Rows and columns. The first column names the row.</summary>
/// <param name="Caption">What the table holds.</param>
/// <param name="Columns">The columns.</param>
/// <param name="Rows">A cell for each column.</param>
public sealed record TableView(
    string Caption,
    IReadOnlyList<ColumnView> Columns,
    IReadOnlyList<IReadOnlyList<CellView>> Rows
)
{
    /// <summary>The style sheet's class for it.</summary>
    public string Kind { get; init; } = "numbers";

    /// <summary>What to know of the numbers, or what is left out; empty for nothing.</summary>
    public string Note { get; init; } = "";
}

/// <summary>A column of a table. Numbers are at its right edge, text at its left.</summary>
/// <param name="Head">What it holds.</param>
/// <param name="IsText">Whether it holds text.</param>
public sealed record ColumnView(string Head, bool IsText = false)
{
    /// <summary>A column of numbers.</summary>
    public static implicit operator ColumnView(string head) => new(head);
}

/// <summary>A cell of a table.</summary>
/// <param name="Text">What is in it.</param>
public sealed record CellView(string Text)
{
    /// <summary>The shapes of the look in a drawing of what the row is of, as SVG; empty for none.</summary>
    public string Swatch { get; init; } = "";

    /// <summary>The mood of a cell that is a badge.</summary>
    public Mood? Mood { get; init; }

    /// <summary>Where the text leads; empty for nowhere.</summary>
    public string Address { get; init; } = "";

    /// <summary>The box in front of the text by which the row is chosen.</summary>
    public ChoiceView? Choice { get; init; }

    /// <summary>Whether it is a name from a file, such as the key of a recipe.</summary>
    public bool IsCode { get; init; }

    /// <summary>A cell of only text.</summary>
    public static implicit operator CellView(string text) => new(text);
}

/// <summary>A box of a form by which a row is chosen.</summary>
/// <param name="Name">The name of the form's field.</param>
/// <param name="Value">The value that is sent.</param>
/// <param name="IsChosen">Whether it is chosen from the start.</param>
public sealed record ChoiceView(string Name, string Value, bool IsChosen);
