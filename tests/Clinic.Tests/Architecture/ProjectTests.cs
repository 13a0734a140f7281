using System.Xml.Linq;

namespace TransformerClinic.Tests.Architecture;

/// <summary>
/// Projects reference each other in one direction: Residuals, Pages &lt;- Clinic &lt;- Reproduction,
/// Documents &lt;- Clinic.Web &lt;- Clinic.Cli.
/// </summary>
public class ProjectTests
{
    private static readonly Dictionary<string, string[]> References = new()
    {
        ["src/Residuals"] = [],
        ["src/Pages"] = [],
        ["src/Clinic"] = ["src/Pages", "src/Residuals"],
        ["src/Reproduction"] = ["src/Clinic"],
        ["src/Documents"] = ["src/Clinic"],
        ["src/Clinic.Web"] = ["src/Clinic", "src/Documents"],
        ["src/Clinic.Cli"] = ["src/Clinic", "src/Clinic.Web", "src/Documents", "src/Reproduction"],
        ["samples/Comparison"] = ["src/Clinic"],
        ["samples/DecoderOnly"] = ["samples/Comparison", "src/Residuals"],
        ["samples/OnnxRuntime"] = [],
        ["samples/ResidualMlp"] = ["samples/Comparison", "src/Residuals"],
        ["samples/Translate"] = ["src/Clinic"],
        ["bench"] = ["src/Clinic", "src/Reproduction"],
        ["tests/Shared"] = ["src/Clinic"],
        ["tests/Fuzz"] = ["src/Clinic", "src/Documents"],
        ["tests/GroupOperations"] = ["src/Clinic"],
        ["tests/Residuals.Tests"] = ["src/Residuals"],
        ["tests/Pages.Tests"] = ["src/Pages"],
        ["tests/Clinic.Tests"] = ["bench", "src/Clinic", "src/Clinic.Cli", "src/Reproduction", "tests/Fuzz"],
        ["tests/Reproduction.Tests"] = ["src/Reproduction"],
        ["tests/Documents.Tests"] = ["src/Documents"],
        ["tests/Clinic.Web.Tests"] = ["src/Clinic.Cli", "src/Clinic.Web"],
        ["tests/Clinic.Cli.Tests"] = ["src/Clinic.Cli"],
        ["tests/Packages.Tests"] = ["src/Clinic.Cli"],
        ["tests/Clusters.Tests"] = ["src/Clinic.Cli", "tests/GroupOperations"],
        ["tests/Samples.Tests"] =
        [
            "samples/DecoderOnly",
            "samples/OnnxRuntime",
            "samples/ResidualMlp",
            "samples/Translate",
            "src/Clinic.Cli",
        ],
    };

    [Fact]
    public void Every_project_references_the_projects_of_its_row_and_no_other() =>
        Assert.Equal(
            References.Select(row => Row(row.Key, row.Value)).Order(StringComparer.Ordinal),
            SourceFile
                .Below(["src", "samples", "tests", "bench"], ".csproj")
                .Select(project => Row(project.Folder, ReferencesOf(project)))
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void The_table_is_in_order_so_that_no_project_references_a_later_one()
    {
        var earlier = new HashSet<string>();
        Assert.All(
            References,
            row =>
            {
                Assert.Empty(row.Value.Except(earlier));
                earlier.Add(row.Key);
            }
        );
    }

    private static string Row(string project, IEnumerable<string> references) =>
        $"{project}: {string.Join(", ", references.Order(StringComparer.Ordinal))}";

    private static IEnumerable<string> ReferencesOf(SourceFile project) =>
        XDocument
            .Load(RepositoryRoot.PathOf(project.Path))
            .Descendants("ProjectReference")
            .Select(reference => RepositoryRoot.PathOf(project.Folder, reference.Attribute("Include")!.Value))
            .Select(path => Path.GetRelativePath(RepositoryRoot.PathOf(), Path.GetDirectoryName(path)!))
            .Select(folder => folder.Replace('\\', '/'));
}
