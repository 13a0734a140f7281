using System.Text.RegularExpressions;

namespace TransformerClinic.Tests.Architecture;

/// <summary>Lines end at 120 columns, so that two files fit side by side and a reader need not scroll.</summary>
public partial class LineLengthTests
{
    private const int Columns = 120;

    [Fact]
    public void Lines_of_code_and_settings_end_at_120_columns() =>
        AssertShort(
            SourceFile
                .Below(
                    ["src", "samples", "tests", "bench", "recipes"],
                    ".cs",
                    ".razor",
                    ".csproj",
                    ".props",
                    ".targets",
                    ".yaml"
                )
                .Concat(AtTheRoot("*.props", "*.targets", "*.slnx")),
            file => file.Lines
        );

    [Fact]
    public void Lines_of_pages_end_at_120_columns_but_for_tables_code_and_links() =>
        AssertShort(
            SourceFile.Below(["src", "samples", "tests", "bench", "docs", "corpora"], ".md").Concat(AtTheRoot("*.md")),
            file => Prose(file.Lines)
        );

    [Fact]
    public void Prose_is_told_from_what_cannot_be_broken()
    {
        Assert.Equal(["a", "- b", "d"], Prose(["a", "| row | of a table |", "- b", "```", "code", "```", "d"]));
        Assert.True(CanBeBroken($"some words and [a link]({new string('x', Columns)})"));
        Assert.False(CanBeBroken($"  [a-link]({new string('x', Columns)})."));
    }

    private static IEnumerable<SourceFile> AtTheRoot(params string[] patterns) =>
        patterns
            .SelectMany(pattern => Directory.EnumerateFiles(RepositoryRoot.PathOf(), pattern))
            .Select(path => new SourceFile(Path.GetFileName(path)));

    private static void AssertShort(IEnumerable<SourceFile> files, Func<SourceFile, IEnumerable<string>> lines)
    {
        var wide = files
            .Select(file => (File: file, Wide: lines(file).Where(IsTooWide).ToList()))
            .Where(entry => entry.Wide.Count > 0)
            .Select(entry => $"{entry.File}, {entry.Wide.Count} lines: {entry.Wide.FirstOrDefault()}")
            .ToList();

        Assert.True(wide.Count == 0, string.Join('\n', wide));
    }

    private static bool IsTooWide(string line) => line.EnumerateRunes().Count() > Columns && CanBeBroken(line);

    /// <summary>Whether a line has a space between its first word and its end.</summary>
    private static bool CanBeBroken(string line) => Words().Count(line) > 1;

    /// <summary>A page's lines but for the rows of tables and what is between fences.</summary>
    private static IEnumerable<string> Prose(IEnumerable<string> lines)
    {
        var isCode = false;
        foreach (var line in lines)
        {
            var isFence = line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            isCode ^= isFence;
            if (!isCode && !isFence && !line.TrimStart().StartsWith('|'))
            {
                yield return line;
            }
        }
    }

    [GeneratedRegex(@"\S+")]
    private static partial Regex Words();
}
