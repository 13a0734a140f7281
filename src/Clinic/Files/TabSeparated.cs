using System.Text;

namespace TransformerClinic.Files;

/// <summary>
/// Text in columns: a row per line, tabs between the cells. Text from elsewhere may itself contain tabs and line
/// breaks; each run of control characters (tabs, carriage returns, U+0085 ...) and line separators (U+2028, U+2029) in
/// a cell is written as one space, so that every reader sees as many columns as there are cells.
/// </summary>
internal static class TabSeparated
{
    /// <summary>A row, including its line end.</summary>
    public static string Row(params IEnumerable<string> cells) => string.Join('\t', cells.Select(Cell)) + "\n";

    private static string Cell(string text)
    {
        if (!text.Any(IsBreak))
        {
            return text;
        }

        var cell = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (!IsBreak(text[i]))
            {
                cell.Append(text[i]);
            }
            else if (i == 0 || !IsBreak(text[i - 1]))
            {
                cell.Append(' ');
            }
        }

        return cell.ToString();
    }

    private static bool IsBreak(char c) => char.IsControl(c) || c is '\u2028' or '\u2029';
}
