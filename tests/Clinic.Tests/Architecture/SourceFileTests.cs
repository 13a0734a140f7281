using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace TransformerClinic.Tests.Architecture;

/// <summary>One concept a file, in the place where its name leads.</summary>
public partial class SourceFileTests
{
    private const int MaxLines = 400;

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
        Assert.True(All.Count > 100, "too few files were found");
        Assert.DoesNotContain(All, file => file.Lines.Length > MaxLines);
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
        var violations = All.Where(file =>
                file.Types.Count > 0 && !file.Folder.EndsWith("/build", StringComparison.Ordinal)
            )
            .Where(file => file.Namespace != ExpectedNamespace(file))
            .Select(file => $"{file}: {file.Namespace} instead of {ExpectedNamespace(file)}");

        Assert.Empty(violations);
    }

    [Fact]
    public void No_path_of_one_machine_stands_in_what_is_published()
    {
        var published = SourceFile.Below(
            ["src", "samples", "docs", "recipes", "bench", "tests"],
            ".cs",
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

    private static string ExpectedNamespace(SourceFile file)
    {
        var project = Projects()
            .Single(project => file.Path.StartsWith(project.Folder + "/", StringComparison.Ordinal));
        var inner = file.Folder[project.Folder.Length..].Replace('/', '.');
        return XDocument.Load(RepositoryRoot.PathOf(project.Path)).Descendants("RootNamespace").Single().Value + inner;
    }

    private static IReadOnlyList<SourceFile> Projects() =>
        SourceFile.Below(["src", "samples", "tests", "bench"], ".csproj");

    [GeneratedRegex(@"(?:^|[\s""'(=:`])(?:/(?:home|root|work|tmp|Users|mnt)/\w|[A-Z]:\\\w)")]
    private static partial Regex MachinePath();
}
