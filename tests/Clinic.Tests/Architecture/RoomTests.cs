using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace TransformerClinic.Tests.Architecture;

/// <summary>
/// The direction of dependencies: Residuals &lt;- Clinic &lt;- Reproduction &lt;- Clinic.Cli,
/// and between the rooms of Clinic.
/// </summary>
public partial class RoomTests
{
    private const string Root = "TransformerClinic";

    /// <summary>What each room of src/Clinic may use; its own types and those of the root namespace are free.</summary>
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Files"] = [],
        ["Interop"] = ["TorchSharp"],
        ["Text"] = ["Files"],
        ["Data"] = ["Files", "Text"],
        ["Kernels"] = ["TorchSharp"],
        ["Model"] = ["Kernels", "Residuals", "TorchSharp"],
        ["Training"] = ["Data", "Files", "Interop", "Kernels", "Model", "Residuals", "Text", "TorchSharp"],
        ["Decoding"] = ["Data", "Files", "Kernels", "Model", "Residuals", "Text", "TorchSharp"],
        ["Scoring"] = ["Data", "Files"],
        ["Diagnosis"] = ["Data", "Files", "Interop", "Model", "Residuals", "Text", "TorchSharp"],
        ["Folding"] = ["Model", "Residuals", "TorchSharp"],
        ["Runs"] =
        [
            "Data",
            "Decoding",
            "Diagnosis",
            "Files",
            "Folding",
            "Interop",
            "Model",
            "Residuals",
            "Scoring",
            "Text",
            "Training",
            "TorchSharp",
        ],
    };

    private static readonly Dictionary<string, string[]> ProjectMayReference = new()
    {
        ["TransformerClinic.Residuals"] = [],
        ["TransformerClinic"] = ["TransformerClinic.Residuals"],
        ["Reproduction"] = ["TransformerClinic"],
        ["Clinic.Cli"] = ["Reproduction", "TransformerClinic"],
        ["Clinic.Web"] = ["TransformerClinic"],
    };

    private static readonly IReadOnlyList<SourceFile> Files = SourceFile.Below(["src/Clinic"], ".cs");

    private static readonly Dictionary<string, HashSet<string>> TypesOfRooms = Files
        .Where(file => Room(file) is not null)
        .GroupBy(file => Room(file)!)
        .ToDictionary(
            room => room.Key,
            room => room.SelectMany(file => file.Types).Select(type => type.Name).ToHashSet(StringComparer.Ordinal)
        );

    [Fact]
    public void Every_room_uses_only_the_rooms_it_may()
    {
        var violations = Files
            .Where(file => Room(file) is not null)
            .SelectMany(file => Uses(file).Except(MayUse[Room(file)!]).Select(used => $"{file} uses {used}"));

        Assert.Empty(violations);
    }

    [Fact]
    public void Every_folder_of_the_engine_is_a_room_of_the_table() =>
        Assert.Empty(TypesOfRooms.Keys.Except(MayUse.Keys));

    [Fact]
    public void Uses_are_found_however_they_are_written()
    {
        // Were the search to find nothing, the rule above would hold of itself.
        Assert.Contains("Residuals", Uses(Files.Single(file => file.Path == "src/Clinic/Model/Sublayer.cs")));
        Assert.Contains("TorchSharp", Uses(Files.Single(file => file.Path == "src/Clinic/Model/Sublayer.cs")));
        Assert.Equal(["Text"], UsesIn("Data", ["    var words = Text.SubwordModel.Learn(lines);"]));
        Assert.Equal(["Training"], UsesIn("Decoding", ["using static TransformerClinic.Training.Trainer;"]));
        Assert.Equal(["Runs"], UsesIn("Text", ["global using R = TransformerClinic.Runs.RunFolder;"]));
        Assert.Equal(["TorchSharp"], UsesIn("Text", ["using static TorchSharp.torch;"]));
        Assert.Empty(UsesIn("Decoding", ["    options.Training.Trainer = System.Text.Encoding.UTF8; // not a room"]));
        Assert.True(Files.Count > 50, "too few files were found");
    }

    [Fact]
    public void Projects_reference_each_other_in_one_direction()
    {
        var projects = SourceFile.Below(["src"], ".csproj");

        Assert.True(projects.Count >= 4, "too few projects were found");
        Assert.All(projects, project => Assert.Empty(References(project).Except(ProjectMayReference[project.Name])));
        Assert.Equal(["TransformerClinic.Residuals"], References(projects.Single(project => project.Name == Root)));
    }

    private static IEnumerable<string> References(SourceFile project) =>
        XDocument
            .Load(RepositoryRoot.PathOf(project.Path))
            .Descendants("ProjectReference")
            .Select(reference =>
                Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'))
            );

    /// <summary>The first folder below src/Clinic, or null for a file that lies there itself.</summary>
    private static string? Room(SourceFile file) => file.Path.Split('/') is [_, _, var room, _, ..] ? room : null;

    private static string[] Uses(SourceFile file) => UsesIn(Room(file)!, file.Code);

    private static string[] UsesIn(string room, IEnumerable<string> code)
    {
        var used = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var line in code)
        {
            used.UnionWith(Qualified().Matches(line).Select(match => match.Groups["room"].Value));
            used.UnionWith(
                Relative()
                    .Matches(line)
                    .Where(match =>
                        TypesOfRooms.TryGetValue(match.Groups["room"].Value, out var types)
                        && types.Contains(match.Groups["type"].Value)
                    )
                    .Select(match => match.Groups["room"].Value)
            );
        }

        used.IntersectWith([.. MayUse.Keys, "Residuals", "TorchSharp"]);
        used.Remove(room);
        return [.. used];
    }

    [GeneratedRegex(@"(?<![\w.""])(?:TransformerClinic\.(?<room>\w+)|(?<room>TorchSharp)\b)")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"(?<![\w.""])(?<room>[A-Z]\w+)\.(?<type>[A-Z]\w+)")]
    private static partial Regex Relative();
}
