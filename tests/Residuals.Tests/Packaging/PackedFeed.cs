namespace TransformerClinic.Residuals.Tests.Packaging;

/// <summary>All packages of this checkout, packed once into a folder that goes away with the tests.</summary>
public sealed class PackedFeed : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PackedFeed()
    {
        foreach (var project in (string[])["Residuals", "Clinic", "Clinic.Cli"])
        {
            // An output of its own: other test projects may be building at the same time.
            DotnetCommand.Run(
                RepositoryRoot.PathOf(),
                new Dictionary<string, string>(),
                "pack",
                RepositoryRoot.PathOf("src", project),
                "-c",
                "Release",
                "--artifacts-path",
                _folder.FullName,
                $"-p:Version={Version}",
                "-p:RunAnalyzers=false",
                "--disable-build-servers"
            );
        }
    }

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
    public FileInfo Package(string id) => new(Path.Combine(Feed, $"{id}.{Version}.nupkg"));

    public void Dispose() => _folder.Dispose();
}
