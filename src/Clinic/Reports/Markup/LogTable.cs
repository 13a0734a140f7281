using TransformerClinic.Common;
using TransformerClinic.Pages.Elements;

namespace TransformerClinic.Reports.Markup;

/// <summary>Lines of a log as a table below a figure.</summary>
internal static class LogTable
{
    /// <summary>Longest table put below a figure: more rows are for the log, not for a page.</summary>
    private const int MostRows = 60;

    /// <summary>
    /// A table of at most <see cref="MostRows"/> items of a log, evenly spread, with the first and the last.
    /// </summary>
    public static TableView Of<T>(
        string caption,
        IReadOnlyList<ColumnView> columns,
        IReadOnlyList<T> items,
        Func<T, IReadOnlyList<CellView>> row
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
        return new TableView(caption, columns, [.. shown.Select(row)])
        {
            Note =
                shown.Count == items.Count
                    ? ""
                    : $"{shown.Count} of {Numbers.Count(items.Count)} rows; all are in log.jsonl.",
        };
    }
}
