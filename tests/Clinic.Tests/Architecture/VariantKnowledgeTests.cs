using System.Text.RegularExpressions;
using TransformerClinic.Residuals;

namespace TransformerClinic.Tests.Architecture;

/// <summary>
/// Outside src/Residuals nothing knows a residual variant: what a connection computes is read off its
/// <see cref="ResidualForm"/>. Only where variants are named do they occur.
/// </summary>
public partial class VariantKnowledgeTests
{
    /// <summary>Where variants are named, and why.</summary>
    private static readonly (string Why, string[] Paths)[] Named =
    [
        (
            "the default of a recipe, and the variants of a treated and of a folded stack",
            ["src/Clinic/Model/StackOptions.cs"]
        ),
        ("the table of names", ["src/Clinic/Model/VariantNames.cs", "src/Clinic/Diagnosis/Findings/ModelWords.cs"]),
        ("the paper's studies", ["src/Reproduction/Studies/"]),
        (
            "the names in the authors' and other programs' files",
            [
                "src/Clinic/Interop/Fairseq/FairseqVariants.cs",
                "src/Clinic/Interop/Marian/HuggingFaceMarian.cs",
                "src/Clinic/Interop/Marian/MarianOptions.cs",
                "src/Reproduction/Verification/",
            ]
        ),
        ("the grid of trainings that the prediction was fitted on", ["bench/Prediction/GridCell.cs"]),
    ];

    private static readonly HashSet<string> Types =
    [
        .. typeof(ResidualConnection)
            .Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(ResidualConnection)))
            .Select(type => type.Name),
    ];

    private static readonly IReadOnlyList<SourceFile> Files =
    [
        .. SourceFile
            .Below(["src", "bench"], ".cs")
            .Where(file => !file.Path.StartsWith("src/Residuals/", StringComparison.Ordinal)),
    ];

    [Fact]
    public void Variants_occur_only_where_they_are_named()
    {
        Assert.True(Types.Count >= 9, "too few variants were found");
        var everywhere = Named.SelectMany(row => row.Paths).ToList();
        Assert.Empty(
            Files
                .Where(file => !everywhere.Exists(path => file.Path.StartsWith(path, StringComparison.Ordinal)))
                .SelectMany(file => file.Code.SelectMany(VariantsIn).Select(found => $"{file}: {found}"))
        );
    }

    [Fact]
    public void Every_place_of_the_list_names_one() =>
        Assert.All(
            Named,
            row =>
                Assert.True(
                    Files.Any(file =>
                        row.Paths.Any(path => file.Path.StartsWith(path, StringComparison.Ordinal))
                        && file.Code.SelectMany(VariantsIn).Any()
                    ),
                    row.Why
                )
        );

    [Theory]
    [InlineData("if (residual is AdminResidual admin)", "AdminResidual")]
    [InlineData("stack.Variant == ResidualVariant.PreLn", "ResidualVariant.PreLn")]
    [InlineData(".OfType<PostNormResidual>()", "PostNormResidual")]
    [InlineData("ResidualVariant variant, ResidualConnection connection", null)]
    public void A_variant_is_found_however_it_is_asked_for(string code, string? expected) =>
        Assert.Equal(expected, VariantsIn(code).SingleOrDefault());

    private static IEnumerable<string> VariantsIn(string code) =>
        NamedVariant()
            .Matches(code)
            .Select(match => match.Value)
            .Concat(Word().Matches(code).Select(match => match.Value).Where(Types.Contains));

    [GeneratedRegex(@"\bResidualVariant\.\w+")]
    private static partial Regex NamedVariant();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
