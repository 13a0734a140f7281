using System.Xml.Linq;

namespace TransformerClinic.Tests.Architecture;

/// <summary>
/// docs/dependencies.md says of every package that is used its version, licence and reason, and of no other.
/// </summary>
public class DependencyDocumentTests
{
    private static readonly XDocument Packages = XDocument.Load(RepositoryRoot.PathOf("Directory.Packages.props"));
    private static readonly XDocument Build = XDocument.Load(RepositoryRoot.PathOf("Directory.Build.props"));

    [Fact]
    public void Every_package_has_its_line_and_every_line_its_package()
    {
        var used = Packages
            .Descendants("PackageVersion")
            .Select(package =>
                (
                    Name: Resolve(package.Attribute("Include")!.Value),
                    Version: Resolve(package.Attribute("Version")!.Value)
                )
            )
            .Order()
            .ToList();

        Assert.True(used.Count >= 10, "too few packages were found");
        Assert.Equal(used, Rows().Select(row => (row[0], row[1])).Order());
    }

    [Fact]
    public void Every_line_has_a_licence_and_a_reason() =>
        Assert.All(
            Rows(),
            row =>
            {
                Assert.Equal(4, row.Length);
                Assert.Contains(row[2].Split(' ')[0], (string[])["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause"]);
                Assert.True(row[3].Length > 15, row[0]);
            }
        );

    private static List<string[]> Rows() =>
        [
            .. File.ReadLines(RepositoryRoot.PathOf("docs", "dependencies.md"))
                .Where(line =>
                    line.StartsWith("| ", StringComparison.Ordinal)
                    && line[2] != '-'
                    && !line.StartsWith("| Package ", StringComparison.Ordinal)
                )
                .Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries)),
        ];

    /// <summary>Puts in a property's (default) value.</summary>
    private static string Resolve(string value) =>
        value.StartsWith("$(", StringComparison.Ordinal)
            ? Packages.Descendants(value[2..^1]).Concat(Build.Descendants(value[2..^1])).Single().Value
            : value;
}
