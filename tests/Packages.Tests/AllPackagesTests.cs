using System.IO.Compression;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Xml.Linq;

namespace TransformerClinic.Packages.Tests;

/// <summary>
/// <c>dotnet pack</c> packs the library, the engine with its pages and the command as a tool, and nothing else; the
/// engine's package and the tool work for somebody who has only them.
/// </summary>
[Trait("Speed", "Slow")]
[Collection(nameof(PackedFeed))]
public class AllPackagesTests(PackedFeed packages)
{
    // What nuget.org takes at most is 250 MB; libtorch makes up nearly all of the tool.
    private const long LargestTool = 250_000_000;

    private static readonly string Rid = RuntimeInformation.RuntimeIdentifier;

    [Fact]
    public void Four_projects_are_packed()
    {
        var packable = Directory
            .EnumerateFiles(RepositoryRoot.PathOf(), "*.csproj", SearchOption.AllDirectories)
            .Where(path => XDocument.Load(path).Descendants("IsPackable").Any(packable => packable.Value == "true"))
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Order(StringComparer.Ordinal);

        Assert.Equal(
            ["Clinic.Cli", "TransformerClinic", "TransformerClinic.Pages", "TransformerClinic.Residuals"],
            packable
        );
        Assert.Equal(
            "false",
            Assert
                .Single(XDocument.Load(RepositoryRoot.PathOf("Directory.Build.props")).Descendants("IsPackable"))
                .Value
        );
    }

    [Fact]
    public void The_folder_holds_the_library_the_engine_and_the_tool_for_this_platform()
    {
        Assert.Equal(
            new[]
            {
                $"TransformerClinic.Cli.{Rid}.nupkg",
                "TransformerClinic.Cli.nupkg",
                "TransformerClinic.Pages.nupkg",
                "TransformerClinic.Residuals.nupkg",
                "TransformerClinic.Residuals.snupkg",
                "TransformerClinic.nupkg",
            }.Order(StringComparer.Ordinal),
            packages.Names
        );
        Assert.InRange(packages.Package($"TransformerClinic.Cli.{Rid}").Length, 1_000_000, LargestTool);
        Assert.InRange(packages.Package("TransformerClinic").Length, 100_000, 5_000_000);
    }

    [Fact]
    public void The_engine_brings_no_libtorch_and_depends_on_exactly_its_version_of_both_libraries()
    {
        using var archive = ZipFile.OpenRead(packages.Package("TransformerClinic").FullName);
        Assert.DoesNotContain(
            archive.Entries,
            entry => entry.FullName.StartsWith("runtimes/", StringComparison.Ordinal)
        );
        using var nuspec = archive.GetEntry("TransformerClinic.nuspec")!.Open();
        var dependencies = XElement
            .Load(nuspec)
            .Descendants()
            .Where(element => element.Name.LocalName == "dependency")
            .ToDictionary(element => element.Attribute("id")!.Value, element => element.Attribute("version")!.Value);
        Assert.Equal($"[{packages.Version}]", dependencies["TransformerClinic.Residuals"]);
        Assert.Equal($"[{packages.Version}]", dependencies["TransformerClinic.Pages"]);
        Assert.DoesNotContain("Microsoft.CodeAnalysis.PublicApiAnalyzers", dependencies.Keys);
    }

    [Fact]
    public void A_program_trains_and_translates_with_the_engines_package()
    {
        using var consumer = new Consumer(
            packages.Feed,
            "TransformerClinic",
            packages.Version,
            Program,
            portable: false
        );

        consumer.Build();

        var printed = consumer.Run().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        Assert.Equal("updates: 4", printed[0]);
        Assert.StartsWith("translation: ", printed[1], StringComparison.Ordinal);
        // The page is made with assemblies of packages: no shared framework of ASP.NET Core is needed.
        Assert.Equal("report: whole", printed[2]);
        Assert.Equal(["Microsoft.AspNetCore.Components.dll"], consumer.Built("Microsoft.AspNetCore.Components.dll"));
    }

    [Fact]
    public void The_tool_is_compiled_ahead_of_time()
    {
        Assert.SkipWhen(PackedFeed.Configuration == "Debug", "Only a release is compiled ahead of time.");
        Assert.SkipWhen(
            Environment.GetEnvironmentVariable("CompileAhead") == "false",
            "CompileAhead=false in the environment left it out."
        );
        using var archive = ZipFile.OpenRead(packages.Package($"TransformerClinic.Cli.{Rid}").FullName);
        var engine = archive.Entries.Single(entry => entry.Name == "TransformerClinic.dll");
        using var copy = new MemoryStream();
        using (var packed = engine.Open())
        {
            packed.CopyTo(copy);
        }

        copy.Position = 0;
        using var reader = new PEReader(copy);
        Assert.NotEqual(0, reader.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size);
    }

    [Fact]
    public void The_tool_is_installed_from_the_folder_and_runs()
    {
        using var folder = new TemporaryFolder();
        folder.Write(
            "nuget.config",
            $"""
            <configuration>
              <packageSources><clear /><add key="packed" value="{packages.Feed}" /></packageSources>
            </configuration>
            """
        );
        DotnetCommand.Run(
            folder.FullName,
            new Dictionary<string, string>(),
            "tool",
            "install",
            "TransformerClinic.Cli",
            "--tool-path",
            folder.PathOf("tools"),
            "--version",
            packages.Version,
            "--configfile",
            folder.PathOf("nuget.config")
        );

        var clinic = folder.PathOf(OperatingSystem.IsWindows() ? "tools/clinic.exe" : "tools/clinic");
        Assert.StartsWith(
            PackedFeed.BuiltVersion,
            DotnetCommand.RunProgram(clinic, "--version"),
            StringComparison.Ordinal
        );
        // libtorch is found where the tool is.
        folder.Write("pairs.tsv", string.Concat(Enumerable.Repeat("eins zwei\tone two\n", 8)));
        folder.Write(
            "tiny.yaml",
            """
            data: { train: pairs.tsv, valid: pairs.tsv }
            subwords: { merges: 4 }
            model: { encoder: { layers: 1 }, decoder: { layers: 1 }, dim: 8, heads: 1, feedForwardDim: 8 }
            training: { maxUpdates: 2, validateEvery: 2, checkpointEvery: 2, average: 1 }
            """
        );
        Assert.Contains(
            "2 updates",
            DotnetCommand.RunProgram(clinic, "train", folder.PathOf("tiny.yaml"), "--run", folder.PathOf("run")),
            StringComparison.Ordinal
        );
    }

    private const string Program = """
        using TransformerClinic.Common;
        using TransformerClinic.Recipes;
        using TransformerClinic.Runs;
        using TransformerClinic.Workflows;

        NativeRuntime.Configure();
        var folder = Directory.CreateTempSubdirectory();
        string In(string name) => Path.Combine(folder.FullName, name);
        string[] german = ["eins", "zwei", "drei", "vier"], english = ["one", "two", "three", "four"];
        var pairs = Enumerable.Range(0, 32)
            .Select(i => $"{german[i % 4]} {german[i / 4 % 4]}\t{english[i % 4]} {english[i / 4 % 4]}");
        File.WriteAllLines(In("train.tsv"), pairs);
        File.WriteAllLines(In("valid.tsv"), pairs.Take(4));
        File.WriteAllText(In("tiny.yaml"), "data: { train: train.tsv, valid: valid.tsv }\n"
            + "subwords: { merges: 20 }\n"
            + "model: { encoder: { layers: 1 }, decoder: { layers: 1 }, dim: 8, heads: 1, feedForwardDim: 8 }\n"
            + "training: { tokensPerBatch: 100, maxUpdates: 4, validateEvery: 4, checkpointEvery: 4, average: 1 }\n");
        try
        {
            Console.WriteLine($"updates: {Workflow.Train(RecipeReader.Read(In("tiny.yaml"), []), In("run"))!.Updates}");
            using var model = TranslationModel.Load(In("run"));
            Console.WriteLine($"translation: {model.Translate("eins zwei")}");
            var whole = File.ReadAllText(In("run/report.html")).EndsWith("</html>\n", StringComparison.Ordinal);
            Console.WriteLine($"report: {(whole ? "whole" : "cut")}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        """;
}
