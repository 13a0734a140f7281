using ArchUnitNET.Loader;

namespace TransformerClinic.Tests.Architecture;

/// <summary>The direction of dependencies between rooms, read from the compiled code.</summary>
public class RoomTests
{
    /// <summary>
    /// The engine with the libraries below it. What is above (Reproduction, Cli) has no row, so no room can use it.
    /// </summary>
    private static readonly RoomTable Engine = new(
        CompiledCode.Root,
        new()
        {
            ["Pages"] = [],
            ["Common"] = ["TorchSharp"],
            ["Files"] = ["Common"],
            ["Text"] = ["Common", "Files"],
            ["Data"] = ["Common", "Files", "Text"],
            ["Scoring"] = ["Common"],
            ["Residuals"] = ["TorchSharp"],
            ["Kernels"] = ["TorchSharp"],
            ["Distribution"] = ["Common"],
            ["Model"] = ["Common", "Kernels", "Residuals", "TorchSharp"],
            ["Interop"] = ["Common", "Files", "Model", "Residuals", "Text", "TorchSharp"],
            ["Decoding"] = ["Common", "Data", "Kernels", "Model", "Residuals", "Text", "TorchSharp"],
            ["Training"] =
            [
                "Common",
                "Data",
                "Distribution",
                "Files",
                "Interop",
                "Kernels",
                "Model",
                "Residuals",
                "TorchSharp",
            ],
            ["Diagnosis"] = ["Common", "Model", "Residuals", "TorchSharp"],
            ["Diagnosis.Findings"] = ["Common", "Data", "Diagnosis", "Model", "Residuals", "TorchSharp", "Training"],
            ["Folding"] = ["Common", "Model", "Residuals", "TorchSharp"],
            ["Recipes"] = ["Common", "Data", "Decoding", "Distribution", "Files", "Model", "Text", "Training"],
            ["Runs"] =
            [
                "Common",
                "Data",
                "Decoding",
                "Diagnosis.Findings",
                "Files",
                "Folding",
                "Interop",
                "Model",
                "Recipes",
                "Residuals",
                "Text",
                "TorchSharp",
                "Training",
            ],
            ["Reports"] =
            [
                "Common",
                "Data",
                "Decoding",
                "Diagnosis",
                "Diagnosis.Findings",
                "Files",
                "Folding",
                "Model",
                "Pages",
                "Recipes",
                "Residuals",
                "Runs",
                "Scoring",
                "Text",
                "Training",
            ],
            ["Workflows"] =
            [
                "Common",
                "Data",
                "Decoding",
                "Diagnosis",
                "Diagnosis.Findings",
                "Distribution",
                "Files",
                "Folding",
                "Interop",
                "Model",
                "Recipes",
                "Reports",
                "Residuals",
                "Runs",
                "Scoring",
                "Text",
                "TorchSharp",
                "Training",
            ],
            ["Comparisons"] =
            [
                "Common",
                "Data",
                "Diagnosis",
                "Diagnosis.Findings",
                "Files",
                "Model",
                "Pages",
                "Recipes",
                "Reports",
                "Residuals",
                "Runs",
                "Training",
                "Workflows",
            ],
        }
    );

    private static readonly RoomTable Reproduction = new(
        CompiledCode.Root + ".Reproduction",
        new()
        {
            ["SmallTrainings"] = ["TorchSharp"],
            ["Claims"] = ["SmallTrainings"],
            ["Studies"] = ["Claims", "SmallTrainings", "TorchSharp"],
            ["Results"] = ["Claims", "Studies"],
            [RoomTable.Top] = ["Claims", "Results", "SmallTrainings", "Studies", "TorchSharp"],
            ["Verification.Quantities"] = ["TorchSharp"],
            ["Verification.Reference"] = ["TorchSharp"],
            ["Verification.Checks"] = ["TorchSharp", "Verification.Quantities", "Verification.Reference"],
            ["Verification"] =
            [
                "TorchSharp",
                "Verification.Checks",
                "Verification.Quantities",
                "Verification.Reference",
            ],
        }
    );

    /// <summary>Projects of the root namespace that stand above the engine and have rules of their own.</summary>
    private static readonly string[] AboveTheEngine = ["Reproduction", "Cli", "Documents", "Web"];

    [Fact]
    public void Every_room_of_the_engine_uses_the_rooms_of_its_row_and_no_other() =>
        AssertAsFound(Engine, AboveTheEngine);

    [Fact]
    public void Every_folder_of_the_reproduction_uses_the_folders_of_its_row_and_no_other() =>
        AssertAsFound(Reproduction, []);

    [Fact]
    public void Both_tables_are_in_order_so_that_no_room_uses_a_later_one()
    {
        AssertOrdered(Engine);
        AssertOrdered(Reproduction);
    }

    [Fact]
    public void Uses_are_found_however_they_are_written()
    {
        // If the search found nothing, empty rows would hold by themselves.
        Assert.True(CompiledCode.Types.Count > 400, "too few types were found");
        Assert.Equal("Diagnosis.Findings", Engine.RoomOf("TransformerClinic.Diagnosis.Findings"));
        Assert.Equal("Training", Engine.RoomOf("TransformerClinic.Training.Loss"));
        Assert.Equal("NewRoom", Engine.RoomOf("TransformerClinic.NewRoom.Inner"));
        Assert.Null(Engine.RoomOf("System.Text"));
        // Uses in a method, as a type argument, in a lambda and by a constructor are uses.
        Assert.Equal(
            ["Base", "InBody", "InLambda", "TypeArgument"],
            new ArchLoader()
                .LoadAssembly(typeof(RoomTests).Assembly)
                .Build()
                .Types.Where(type => type.FullName.Contains("+User", StringComparison.Ordinal))
                .SelectMany(CompiledCode.UsedBy)
                .Where(used => used.FullName.Contains(nameof(Uses), StringComparison.Ordinal))
                .Select(used => used.Name)
                .Except(["User"])
                .Distinct()
                .Order()
        );
    }

    private static void AssertAsFound(RoomTable table, string[] elsewhere)
    {
        var found = table.Found(CompiledCode.Types);
        var differences = table
            .Uses.Keys.Union(found.Keys.Except(elsewhere))
            .Select(room =>
                (Room: room, Row: table.Uses.GetValueOrDefault(room, []), Uses: found.GetValueOrDefault(room, []))
            )
            .SelectMany(entry =>
                entry
                    .Uses.Except(entry.Row)
                    .Select(used => $"{entry.Room} uses {used}: {table.Example(entry.Room, used)}")
                    .Concat(entry.Row.Except(entry.Uses).Select(unused => $"{entry.Room} does not use {unused}"))
            )
            .ToList();

        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.Equal(table.Uses.Keys.Order(), found.Keys.Except(elsewhere).Order());
    }

    private static void AssertOrdered(RoomTable table)
    {
        var earlier = new HashSet<string> { "TorchSharp" };
        Assert.All(
            table.Uses,
            row =>
            {
                Assert.Empty(row.Value.Except(earlier));
                earlier.Add(row.Key);
            }
        );
    }

    private static class Uses
    {
        public abstract class Base;

        public sealed class InBody;

        public sealed class InLambda;

        public sealed class TypeArgument;

        public sealed class User : Base
        {
            public static readonly List<TypeArgument> Arguments = [];

            public static object Create() => new InBody();

            public static IEnumerable<string?> Names(IEnumerable<int> numbers) =>
                numbers.Select(_ => new InLambda().ToString());
        }
    }
}
