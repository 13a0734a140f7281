using System.Text.RegularExpressions;

namespace TransformerClinic.Tests.Architecture;

/// <summary>docs/architecture.md has a line for every folder with source, and for no other.</summary>
public partial class ArchitectureDocumentTests
{
    [Fact]
    public void Every_folder_has_its_line_and_every_line_its_folder() =>
        Assert.Equal(Folders(), Rows().Select(row => row.Folder).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_line_says_what_the_folder_is() =>
        Assert.All(Rows(), row => Assert.True(row.What.Length > 10, row.Folder));

    /// <summary>Folders with source in or below them; of a test project, whose folders mirror src/, itself.</summary>
    private static IEnumerable<string> Folders()
    {
        var folders = SourceFile
            .Below(["src", "samples", "tests", "bench"], ".cs", ".razor")
            .SelectMany(file => WithOuter(file.Folder))
            .Where(folder => folder is not ("src" or "samples" or "tests"))
            .Where(folder => !folder.StartsWith("tests/", StringComparison.Ordinal) || folder.Count('/'.Equals) == 1)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        Assert.True(folders.Count > 50, "too few folders were found");
        return folders;
    }

    private static IEnumerable<string> WithOuter(string folder)
    {
        var parts = folder.Split('/');
        return Enumerable.Range(1, parts.Length).Select(count => string.Join('/', parts.Take(count)));
    }

    private static IReadOnlyList<(string Folder, string What)> Rows() =>
        [
            .. File.ReadLines(RepositoryRoot.PathOf("docs", "architecture.md"))
                .Select(line => Row().Match(line))
                .Where(match => match.Success)
                .Select(match => (match.Groups["folder"].Value, match.Groups["what"].Value)),
        ];

    [GeneratedRegex(@"^\| `(?<folder>[^`]+)` \| (?<what>.+) \|$")]
    private static partial Regex Row();
}
