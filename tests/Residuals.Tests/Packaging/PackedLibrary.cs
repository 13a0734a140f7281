using System.IO.Compression;
using System.Xml.Linq;

namespace TransformerClinic.Residuals.Tests.Packaging;

/// <summary>The library, packed once for all tests into a folder that goes away with them.</summary>
public sealed class PackedLibrary : IDisposable
{
    public const string Id = "TransformerClinic.Residuals";

    private readonly TemporaryFolder _folder = new();

    public PackedLibrary()
    {
        // An output of its own: other test projects may be building the library at the same time.
        DotnetCommand.Run(
            RepositoryRoot.PathOf(),
            new Dictionary<string, string>(),
            "pack",
            RepositoryRoot.PathOf("src", "Residuals"),
            "-c",
            "Release",
            "--artifacts-path",
            _folder.FullName,
            $"-p:Version={Version}",
            "--disable-build-servers"
        );
    }

    /// <summary>A version that no cache can have.</summary>
    public string Version { get; } = $"0.0.1-test.{Guid.NewGuid():N}";

    /// <summary>The folder that holds the package, a source for NuGet.</summary>
    public string Feed => Path.Combine(_folder.FullName, "package", "release");

    /// <summary>The files of the package, or of its symbols, but for those that every package has.</summary>
    public IReadOnlyList<string> Files(string extension = ".nupkg")
    {
        using var archive = Open(extension);
        return
        [
            .. archive
                .Entries.Select(entry => entry.FullName)
                .Where(name =>
                    name != "[Content_Types].xml"
                    && !name.StartsWith("_rels/", StringComparison.Ordinal)
                    && !name.StartsWith("package/", StringComparison.Ordinal)
                )
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>A file of the package.</summary>
    public byte[] Read(string name)
    {
        using var archive = Open(".nupkg");
        using var entry = archive.GetEntry(name)!.Open();
        using var content = new MemoryStream();
        entry.CopyTo(content);
        return content.ToArray();
    }

    /// <summary>What the package says of itself.</summary>
    public XElement Metadata()
    {
        using var content = new MemoryStream(Read($"{Id}.nuspec"));
        var package = XElement.Load(content);
        return package.Element(package.Name.Namespace + "metadata")!;
    }

    public void Dispose() => _folder.Dispose();

    private ZipArchive Open(string extension) => ZipFile.OpenRead(Path.Combine(Feed, $"{Id}.{Version}{extension}"));
}
