using System.Reflection;
using System.Text.Json;
using System.Xml.Linq;

namespace TransformerClinic.Packages.Tests;

/// <summary>
/// All packages of this checkout, packed once, by one command, for all tests of the collection, into a folder that goes
/// away with them. What is packed is what was built before these tests.
/// </summary>
[CollectionDefinition(nameof(PackedFeed))]
public sealed class PackedFeed : ICollectionFixture<PackedFeed>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PackedFeed() =>
        DotnetCommand.Run(
            RepositoryRoot.PathOf(),
            new Dictionary<string, string>(),
            "pack",
            Sources(),
            "--no-build",
            $"-p:PackageVersion={Version}",
            "-c",
            Configuration,
            "-o",
            Feed,
            "--disable-build-servers"
        );

    /// <summary>Release or Debug: how these tests and what is packed were built.</summary>
    public static string Configuration { get; } =
        typeof(PackedFeed).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    /// <summary>The version of this checkout, which its assemblies have.</summary>
    public static string BuiltVersion { get; } =
        XDocument.Load(RepositoryRoot.PathOf("Directory.Build.props")).Descendants("Version").Single().Value;

    /// <summary>The version of the packages, one that no cache can have.</summary>
    public string Version { get; } = $"{BuiltVersion}-test.{Guid.NewGuid():N}";

    /// <summary>The folder that holds the packages, a source for NuGet.</summary>
    public string Feed => _folder.PathOf("feed");

    /// <summary>The packages' files, without their version, in alphabetical order.</summary>
    public IReadOnlyList<string> Names =>
        [
            .. Directory
                .EnumerateFiles(Feed)
                .Select(path => Path.GetFileName(path).Replace($".{Version}", "", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>The file of a package.</summary>
    public FileInfo Package(string id, string extension = ".nupkg") =>
        new(Path.Combine(Feed, $"{id}.{Version}{extension}"));

    public void Dispose() => _folder.Dispose();

    /// <summary>The solution without the projects that nothing is packed of.</summary>
    private string Sources()
    {
        var sources = Directory
            .EnumerateFiles(RepositoryRoot.PathOf("src"), "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(RepositoryRoot.PathOf(), path));
        var filter = new
        {
            solution = new { path = RepositoryRoot.PathOf(RepositoryRoot.Solution), projects = sources },
        };
        return _folder.Write("sources.slnf", JsonSerializer.Serialize(filter));
    }
}
