using System.Globalization;
using TransformerClinic.Recipes;

namespace TransformerClinic.Reproduction.Claims;

/// <summary>Numbers of a study as a CSV file.</summary>
/// <param name="Name">The file's name without extension; it starts with the study's.</param>
/// <param name="Columns">The header.</param>
/// <param name="Rows">One row per line; null is an empty cell.</param>
internal sealed record StudyTable(
    string Name,
    IReadOnlyList<string> Columns,
    IReadOnlyList<IReadOnlyList<object?>> Rows
)
{
    /// <summary>The file's text.</summary>
    public string Csv() =>
        string.Concat(
            new[] { Columns }
                .Concat<IReadOnlyList<object?>>(Rows)
                .Select(row => string.Join(',', row.Select(Cell)) + "\n")
        );

    private static string Cell(object? value) =>
        value switch
        {
            null => "",
            double number => number.ToString("R", CultureInfo.InvariantCulture),
            Enum name => RecipeKey.Format(name),
            string text when text.AsSpan().IndexOfAny(",\"\n") >= 0 =>
                $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
}
