using TransformerClinic.Common;

namespace TransformerClinic.Reports.Markup;

/// <summary>Numbers in rows and columns. The first column names the row; wide tables scroll in their own box.</summary>
/// <param name="Columns">Heads of the columns.</param>
/// <param name="Rows">Cells of each row.</param>
/// <param name="Note">What the table leaves out; empty if it is whole.</param>
internal sealed record Table(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, string Note = "")
{
    /// <summary>Longest table put below a figure: more rows are for the log, not for a page.</summary>
    private const int MostRows = 60;

    /// <summary>
    /// A table of at most <see cref="MostRows"/> items of a log, evenly spread, with the first and the last.
    /// </summary>
    public static Table OfLog<T>(
        IReadOnlyList<string> columns,
        IReadOnlyList<T> items,
        Func<T, IReadOnlyList<string>> row
    )
    {
        var shown =
            items.Count <= MostRows
                ? items
                :
                [
                    .. Enumerable
                        .Range(0, MostRows)
                        .Select(i => items[(int)((long)i * (items.Count - 1) / (MostRows - 1))]),
                ];
        var note =
            shown.Count == items.Count
                ? ""
                : $"{shown.Count} of {Numbers.Count(items.Count)} rows; all are in log.jsonl.";
        return new Table(columns, [.. shown.Select(row)], note);
    }

    /// <summary>The table as markup, of the style sheet's class <paramref name="kind"/>.</summary>
    public Html Render(string kind = "numbers") =>
        Html.Of(
            $"""
            <div class="scroll" tabindex="0"><table class="{kind}">
            <thead><tr>{Columns.Select(column => Html.Of($"""<th scope="col">{column}</th>"""))}</tr></thead>
            <tbody>
            {Rows.Select(RenderRow)}
            </tbody></table></div>
            {(Note.Length > 0 ? Html.Of($"""<p class="note">{Note}</p>""") : Html.Empty)}
            """
        );

    private static Html RenderRow(IReadOnlyList<string> cells) =>
        Html.Of(
            $"""<tr><th scope="row">{cells[0]}</th>{cells.Skip(1).Select(cell => Html.Of($"<td>{cell}</td>"))}</tr>"""
        );
}
