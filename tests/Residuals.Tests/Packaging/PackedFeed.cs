using System.Text.Json;

namespace TransformerClinic.Residuals.Tests.Packaging;

/// <summary>
/// All packages of this checkout, packed once, by one command, for all tests of the collection, into a folder that goes
/// away with them.
/// </summary>
[CollectionDefinition(nameof(PackedFeed))]
public sealed class PackedFeed : ICollectionFixture<PackedFeed>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PackedFeed() =>
        // An output of its own: other test projects may be building at the same time.
        DotnetCommand.Run(
            RepositoryRoot.PathOf(),
            new Dictionary<string, string>(),
            "pack",
            Sources(),
            "-c",
            "Release",
            "--artifacts-path",
            _folder.FullName,
            $"-p:Version={Version}",
            "-p:RunAnalyzers=false",
            "--disable-build-servers"
        );

    /// <summary>A version that no cache can have.</summary>
    public string Version { get; } = $"0.0.1-test.{Guid.NewGuid():N}";

    /// <summary>The folder that holds the packages, a source for NuGet.</summary>
    public string Feed => Path.Combine(_folder.FullName, "package", "release");

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

    /// <summary>The solution without the projects that nothing is packed of: they need not be built again.</summary>
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
