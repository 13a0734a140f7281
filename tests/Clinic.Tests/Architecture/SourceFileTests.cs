using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace TransformerClinic.Tests.Architecture;

/// <summary>
/// One concept per file, in the place where its name leads. A file is named by its main type; next to it are only small
/// records and enumerations that serve it.
/// </summary>
public partial class SourceFileTests
{
    private const int MaxLines = 400;
    private const int MaxCompanionLines = 60;

    private static readonly string[] SmallData = ["record", "record struct", "enum"];
    private static readonly IReadOnlyList<SourceFile> All = SourceFile.Below(
        ["src", "samples", "tests", "bench"],
        ".cs"
    );

    // The build's own task is compiled by MSBuild, outside of any project.
    private static readonly IReadOnlyList<SourceFile> Source =
    [
        .. All.Where(file =>
            file.Path.Split('/')[0] is "src" or "samples" && !file.Folder.EndsWith("/build", StringComparison.Ordinal)
        ),
    ];

    [Fact]
    public void No_file_is_longer_than_400_lines()
    {
        var all = All.Concat(SourceFile.Below(["src", "samples", "tests", "bench"], ".razor", ".css")).ToList();

        Assert.True(all.Count > 100, "too few files were found");
        Assert.DoesNotContain(all, file => file.Lines.Length > MaxLines);
    }

    [Fact]
    public void A_file_bears_the_name_of_a_type_in_it()
    {
        var typed = Source.Where(file => file.Types.Count > 0).ToList();

        Assert.True(typed.Count > 50, "too few types were found");
        Assert.Empty(
            typed
                .Where(file => file.Types.All(type => type.Name != file.Name))
                .Select(file => $"{file}: {string.Join(", ", file.Types)}")
        );
    }

    [Fact]
    public void Beside_a_files_type_stand_only_the_records_and_enumerations_that_belong_to_it() =>
        Assert.Empty(
            Source
                .Where(file => file.Types.Count(type => !SmallData.Contains(type.Kind)) > 1)
                .Select(file => $"{file}: {string.Join(", ", file.Types)}")
        );

    [Fact]
    public void A_type_next_to_the_one_that_names_the_file_has_at_most_60_lines()
    {
        var companions = Source
            .SelectMany(file => Lengths(file).Select(type => (File: file, type.Name, type.Lines)))
            .Where(type => type.Name != type.File.Name)
            .ToList();

        Assert.True(companions.Count > 50, "too few companions were found");
        Assert.Empty(companions.Where(type => type.Lines > MaxCompanionLines).Select(type => type.ToString()));
    }

    [Theory]
    [InlineData("public sealed class Trainer : IDisposable", "class", "Trainer")]
    [InlineData("internal static partial class Rules", "class", "Rules")]
    [InlineData("public readonly record struct Point(int X, int Y);", "record struct", "Point")]
    [InlineData("public sealed record Memory(string Text)", "record", "Memory")]
    [InlineData("public delegate void Heard<T>(T value);", "delegate", "Heard")]
    [InlineData("internal sealed class Search<T>(int width)", "class", "Search")]
    public void Types_are_recognised(string line, string kind, string name) =>
        Assert.Equal((kind, name), SourceFile.TypeIn(line));

    [Fact]
    public void Namespaces_follow_folders()
    {
        var roots = RootNamespaces();
        var violations = All.Where(file =>
                file.Types.Count > 0 && !file.Folder.EndsWith("/build", StringComparison.Ordinal)
            )
            .Where(file => file.Namespace != ExpectedNamespace(file, roots))
            .Select(file => $"{file}: {file.Namespace} instead of {ExpectedNamespace(file, roots)}");

        Assert.Empty(violations);
    }

    [Fact]
    public void No_path_of_one_machine_stands_in_what_is_published()
    {
        var published = SourceFile.Below(
            ["src", "samples", "docs", "recipes", "bench", "tests"],
            ".cs",
            ".razor",
            ".md",
            ".yaml",
            ".json",
            ".csproj",
            ".props",
            ".targets",
            ".css",
            ".html",
            ".sh"
        );
        var violations = published
            .Where(file => file.Name != nameof(SourceFileTests))
            .SelectMany(file =>
                file.Lines.Where(line => MachinePath().IsMatch(line)).Select(line => $"{file}: {line.Trim()}")
            );

        Assert.Empty(violations);
        Assert.Matches(MachinePath(), "var path = \"/home/me/corpus.txt\";");
        Assert.Matches(MachinePath(), @"data: C:\Users\me");
        Assert.DoesNotMatch(MachinePath(), "https://example.org/home/me and bin/work/x");
    }

    [Fact]
    public void Every_source_file_belongs_to_one_project() =>
        Assert.DoesNotContain(
            SourceFile.Below(["src", "samples", "tests", "bench"], ".csproj", ".props", ".targets"),
            file =>
                XDocument.Load(RepositoryRoot.PathOf(file.Path)).Descendants("Compile").Any(IncludesFilesFromElsewhere)
        );

    private static bool IncludesFilesFromElsewhere(XElement compile) =>
        compile.Attribute("Include")?.Value.Contains("..", StringComparison.Ordinal) == true
        || compile.Attribute("Link") is not null
        || compile.Attribute("LinkBase") is not null;

    /// <summary>The types of a file and the number of their lines, documentation left out.</summary>
    private static IEnumerable<(string Name, int Lines)> Lengths(SourceFile file)
    {
        foreach (var (i, line) in file.Lines.Index())
        {
            if (SourceFile.TypeIn(line) is { } type)
            {
                yield return (type.Name, file.Lines.Skip(i).TakeWhile(part => !EndsType().IsMatch(part)).Count() + 1);
            }
        }
    }

    private static string ExpectedNamespace(SourceFile file, IReadOnlyDictionary<string, string> roots)
    {
        var (folder, root) = roots.Single(project => file.Path.StartsWith(project.Key + "/", StringComparison.Ordinal));
        return root + file.Folder[folder.Length..].Replace('/', '.');
    }

    /// <summary>The root namespace of each project, by its folder.</summary>
    private static Dictionary<string, string> RootNamespaces() =>
        SourceFile
            .Below(["src", "samples", "tests", "bench"], ".csproj")
            .ToDictionary(
                project => project.Folder,
                project =>
                    XDocument.Load(RepositoryRoot.PathOf(project.Path)).Descendants("RootNamespace").Single().Value
            );

    [GeneratedRegex(@"^(?:\}|\).*;|\w.*;)$")]
    private static partial Regex EndsType();

    [GeneratedRegex(@"(?:^|[\s""'(=:`])(?:/(?:home|root|work|tmp|Users|mnt)/\w|[A-Z]:\\\w)")]
    private static partial Regex MachinePath();
}
