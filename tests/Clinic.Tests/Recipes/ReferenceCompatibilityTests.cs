using System.Text.RegularExpressions;
using TransformerClinic.Decoding;
using TransformerClinic.Recipes;

namespace TransformerClinic.Tests.Recipes;

public sealed partial class ReferenceCompatibilityTests
{
    private static readonly string[] Rows =
    [
        .. File.ReadAllLines(RepositoryRoot.PathOf("docs", "reference.md"))
            .Where(line =>
                line.StartsWith("| ", StringComparison.Ordinal)
                && !line.StartsWith("| the reference |", StringComparison.Ordinal)
            )
            .Select(line => line.Trim('|', ' ').Split(" | "))
            .Select(cells => cells.Length == 3 ? cells[2] : $"{cells.Length} cells: {cells[0]}"),
    ];

    [Fact]
    public void The_documentation_names_exactly_the_keys_that_are_set()
    {
        var keys = Rows.SelectMany(cell => Setting().Matches(cell))
            .Select(match => $"{match.Groups["key"].Value}={match.Groups["value"].Value}");

        Assert.Equal(ReferenceCompatibility.Settings.Order(StringComparer.Ordinal), keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_row_has_a_key_or_says_why_it_has_none()
    {
        Assert.True(Rows.Length > 25, "too few rows were found");
        Assert.All(
            Rows,
            cell => Assert.Matches($"^(none|not applicable|not there yet|{Setting()}(, {Setting()})*)$", cell)
        );
    }

    [Fact]
    public void Every_key_is_one_of_a_recipe_and_has_the_value_that_is_set()
    {
        var recipe = RecipeFile.Read("", [.. ReferenceCompatibility.Settings]);

        var values = RecipeSchema.Values(recipe).ToDictionary(StringComparer.Ordinal);
        Assert.All(
            ReferenceCompatibility.Settings.Select(setting => setting.Split('=')),
            setting => Assert.Equal(setting[1], RecipeKey.Format(values[setting[0]]))
        );
    }

    [Fact]
    public void A_search_keeps_everything_that_does_not_concern_the_reference()
    {
        var search = new DecodingOptions
        {
            Beam = 7,
            NoRepeatNgram = 3,
            Temperature = 1.5,
            TokensPerBatch = 11,
        };

        Assert.Equal(search with { MaxLengthOf = SourceLength.Batch }, ReferenceCompatibility.Of(search));
    }

    [GeneratedRegex(@"`(?<key>[\w.]+): (?<value>[\w-]+)`")]
    private static partial Regex Setting();
}
