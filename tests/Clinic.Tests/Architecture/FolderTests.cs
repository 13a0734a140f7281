using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.xUnitV3;

namespace TransformerClinic.Tests.Architecture;

/// <summary>Folders are free of circles, and small enough to be looked through.</summary>
public partial class FolderTests
{
    private const int MaxFilesOfAFolder = 35;
    private const int MaxLinesOfARoom = 3000;

    private static readonly IReadOnlyList<SourceFile> All = SourceFile.Below(
        ["src", "samples", "tests", "bench"],
        ".cs",
        ".razor"
    );

    [Fact]
    public void Sibling_folders_are_free_of_circles_at_every_depth()
    {
        var withFolders = CompiledCode
            .Namespaces.Where(outer => CompiledCode.Namespaces.Count(name => IsDirectlyIn(name, outer)) > 1)
            .ToList();

        Assert.Contains("TransformerClinic", withFolders);
        Assert.Contains("TransformerClinic.Training", withFolders);
        Assert.Contains("TransformerClinic.Reproduction.Verification", withFolders);
        Assert.All(withFolders, outer => FoldersOf(outer).Should().BeFreeOfCycles().Check(CompiledCode.Loaded));
    }

    [Fact]
    public void A_folder_holds_at_most_35_files_of_its_own() =>
        Assert.Empty(
            All.GroupBy(file => file.Folder)
                .Where(folder => folder.Count() > MaxFilesOfAFolder)
                .Select(folder => $"{folder.Key}: {folder.Count()} files")
        );

    [Fact]
    public void A_room_holds_at_most_3000_lines_that_say_something()
    {
        var rooms = All.Where(file => file.Path.StartsWith("src/", StringComparison.Ordinal))
            .GroupBy(Room)
            .Select(room => (Name: room.Key, Lines: room.Sum(file => file.Code.Count(Word().IsMatch))))
            .ToList();

        Assert.True(rooms.Count > 20, "too few rooms were found");
        Assert.All(rooms, room => Assert.True(room.Lines <= MaxLinesOfARoom, $"{room.Name}: {room.Lines} lines"));
    }

    private static GivenSlices FoldersOf(string outer)
    {
        var creator = new SliceRuleCreator();
        creator.SetSliceAssignment(
            new SliceAssignment(
                type =>
                    CompiledCode.NamespaceOf(type) is var name && name != outer && CompiledCode.IsIn(name, outer)
                        ? SliceIdentifier.Of(name[(outer.Length + 1)..].Split('.')[0])
                        : SliceIdentifier.Ignore(),
                $"folders of {outer}"
            )
        );
        return new GivenSlices(creator);
    }

    private static bool IsDirectlyIn(string name, string outer) =>
        name.LastIndexOf('.') == outer.Length && CompiledCode.IsIn(name, outer);

    /// <summary>
    /// The first folder of a project, or the project itself for files that are in none. Each format of Interop is a
    /// room of its own.
    /// </summary>
    private static string Room(SourceFile file)
    {
        var folders = file.Folder.Split('/');
        return string.Join('/', folders.Take(folders is [_, _, "Interop", ..] ? 4 : 3));
    }

    /// <summary>What a line holds that says something: brackets alone do not.</summary>
    [GeneratedRegex(@"\w")]
    private static partial Regex Word();
}
