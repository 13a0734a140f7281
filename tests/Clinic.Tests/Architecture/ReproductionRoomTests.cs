using System.Text.RegularExpressions;

namespace TransformerClinic.Tests.Architecture;

/// <summary>The direction of dependencies between the folders of src/Reproduction.</summary>
public partial class ReproductionRoomTests
{
    private const string Root = "src/Reproduction";

    /// <summary>The project's own folder.</summary>
    private const string Top = "(top)";

    /// <summary>What each folder uses, no more and no less.</summary>
    private static readonly Dictionary<string, string[]> Uses = new()
    {
        ["SmallTrainings"] = [],
        ["Claims"] = ["SmallTrainings"],
        ["Studies"] = ["Claims", "SmallTrainings"],
        ["Results"] = ["Claims", "Studies"],
        [Top] = ["Claims", "Results", "SmallTrainings", "Studies"],
        ["Verification.Quantities"] = [],
        ["Verification.Reference"] = [],
        ["Verification.Checks"] = ["Verification.Quantities", "Verification.Reference"],
        ["Verification"] = ["Verification.Checks", "Verification.Quantities", "Verification.Reference"],
    };

    private static readonly IReadOnlyList<SourceFile> Files = SourceFile.Below([Root], ".cs");

    [Fact]
    public void Every_folder_uses_the_folders_of_the_table_and_no_other()
    {
        var found = Files
            .GroupBy(Folder)
            .ToDictionary(
                files => files.Key,
                files => files.SelectMany(UsedBy).Except([files.Key]).Order(StringComparer.Ordinal)
            );

        Assert.Equal(Uses.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        Assert.All(Uses.Keys, folder => Assert.Equal(Row(folder, Uses[folder]), Row(folder, found[folder])));
    }

    [Fact]
    public void The_table_is_in_order_so_that_no_folder_uses_a_later_one()
    {
        var earlier = new HashSet<string>();
        Assert.All(
            Uses,
            row =>
            {
                Assert.Empty(row.Value.Except(earlier));
                earlier.Add(row.Key);
            }
        );
    }

    private static string Row(string folder, IEnumerable<string> used) => $"{folder}: {string.Join(", ", used)}";

    private static string Folder(SourceFile file) => Named(file.Folder[Root.Length..].TrimStart('/').Replace('/', '.'));

    private static string Named(string folder) => folder.Length == 0 ? Top : folder;

    /// <summary>Folders whose namespace a file names, and those around it, which it sees without naming them.</summary>
    private static IEnumerable<string> UsedBy(SourceFile file)
    {
        var words = file.Code.SelectMany(line => Word().Matches(line)).Select(match => match.Value).ToHashSet();
        var around = Files
            .Where(other => IsAround(Folder(other), Folder(file)))
            .Where(other => other.Types.Any(type => words.Contains(type.Name)));
        return file
            .Code.Where(line => !line.StartsWith("namespace ", StringComparison.Ordinal))
            .SelectMany(line => Using().Matches(line))
            .Select(match => Named(match.Groups["folder"].Value))
            .Concat(around.Select(Folder));
    }

    private static bool IsAround(string outer, string inner) =>
        outer != inner && (outer == Top || inner.StartsWith(outer + ".", StringComparison.Ordinal));

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex(@"TransformerClinic\.Reproduction(?:\.(?<folder>\w+(?:\.\w+)*))?;")]
    private static partial Regex Using();
}
