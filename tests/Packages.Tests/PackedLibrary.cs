using System.IO.Compression;
using System.Xml.Linq;

namespace TransformerClinic.Packages.Tests;

/// <summary>The library's package.</summary>
internal sealed class PackedLibrary(PackedFeed packages)
{
    public const string Id = "TransformerClinic.Residuals";

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

    private ZipArchive Open(string extension) => ZipFile.OpenRead(packages.Package(Id, extension).FullName);
}
