using TransformerClinic.Recipes;

namespace TransformerClinic.Tests.Recipes;

public sealed class RecipeReferenceTests
{
    [Fact]
    public void The_reference_lists_every_key_with_its_default_and_what_it_takes()
    {
        var rows = File.ReadAllLines(RepositoryRoot.PathOf("docs", "recipes.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .ToList();

        var keys = RecipeSchema
            .Keys.Zip(
                RecipeSchema.Values(new Recipe()),
                (key, value) => $"| `{key.Path}` | {Default(value.Value)} | {key.Allowed} | "
            )
            .ToList();
        Assert.Equal(keys, rows.Zip(keys, (row, key) => row[..Math.Min(row.Length, key.Length)]));
        Assert.Equal(keys.Count, rows.Count);
    }

    private static string Default(object value) => RecipeKey.Format(value) is { Length: > 0 } text ? $"`{text}`" : "";
}
