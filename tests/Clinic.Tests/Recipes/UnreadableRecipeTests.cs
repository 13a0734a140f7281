using CsCheck;
using TransformerClinic.Common;
using TransformerClinic.Recipes;

namespace TransformerClinic.Tests.Recipes;

/// <summary>Files that are not recipes.</summary>
public sealed class UnreadableRecipeTests
{
    private static readonly string[] Yaml =
    [
        "\n",
        "  ",
        "\n  ",
        "\n- ",
        ": ",
        "? ",
        "[",
        "]",
        "{",
        "}",
        ", ",
        "&a ",
        "*a",
        "!!int ",
        "!<",
        "|",
        ">",
        "'",
        "\"",
        "---",
        "...",
        "%YAML",
        "#",
        "\t",
        RecipeFile.Data,
        "seed: 1",
        "training:",
        "model: {dim: 8}",
        "<<: ",
        "data:",
        "null",
        "@",
        "`",
    ];

    [Theory]
    [InlineData("", "r.yaml: the recipe is empty.")]
    [InlineData("# only a comment\n", "r.yaml: the recipe is empty.")]
    [InlineData("- 1\n- 2\n", "r.yaml: a recipe is one YAML document of keys and values, such as 'seed: 1'.")]
    [InlineData("seed", "r.yaml: a recipe is one YAML document of keys and values, such as 'seed: 1'.")]
    [InlineData(
        "seed: 1\n---\nseed: 2\n",
        "r.yaml: a recipe is one YAML document of keys and values, such as 'seed: 1'."
    )]
    [InlineData("seed: 1\nthreads: 2\nseed: 2\n", "r.yaml, line 3: this is not YAML: Duplicate key")]
    [InlineData(
        "data: {train: a\nseed: 1\n",
        "r.yaml: this is not YAML: look for a bracket, brace or quote that is opened and not closed."
    )]
    [InlineData("seed: 1\nname: 'open\n", "r.yaml, line 2: this is not YAML: ")]
    [InlineData("seed: 1\nname: a: b\n", "r.yaml, line 2: this is not YAML: ")]
    public void A_file_that_is_not_a_recipe_is_refused_with_its_line(string text, string message) =>
        Assert.StartsWith(message, RecipeFile.Error(text), StringComparison.Ordinal);

    /// <summary>Nesting and keys that contain themselves took all of the stack.</summary>
    [Theory]
    [InlineData("name: ", "[", 100_000, "r.yaml, line 1: this is nested more than 32 deep, which no recipe is.")]
    [InlineData("", "{a: ", 20_000, "r.yaml, line 1: this is nested more than 32 deep, which no recipe is.")]
    [InlineData("", "- ", 30_000, "r.yaml, line 1: this is nested more than 32 deep, which no recipe is.")]
    [InlineData(
        "seed: 1\n? &a [*a]\n: b\n",
        "",
        0,
        "r.yaml, line 2: a key must be a word, not a list, a section or an alias."
    )]
    [InlineData("? [a, b]\n: 5", "", 0, "r.yaml, line 1: a key must be a word, not a list, a section or an alias.")]
    [InlineData(
        "data: {train: &a {b: c}}\n*a : b\n",
        "",
        0,
        "r.yaml, line 2: a key must be a word, not a list, a section or an alias."
    )]
    public void A_file_nested_without_end_is_refused(string text, string repeated, int times, string message) =>
        Assert.Equal(message, RecipeFile.Error(text + string.Concat(Enumerable.Repeat(repeated, times))));

    [Fact]
    public void A_tab_in_the_indentation_is_pointed_out() =>
        Assert.EndsWith(
            " Line 2 is indented with a tab; YAML takes spaces only.",
            RecipeFile.Error("data:\n\ttrain: a\n"),
            StringComparison.Ordinal
        );

    [Fact]
    public void Whatever_is_in_the_file_it_is_a_recipe_or_a_mistake_of_the_users()
    {
        var pieces = Gen.OneOf(AnyText.Line, Gen.Int[0, Yaml.Length - 1].Select(i => Yaml[i]));
        pieces
            .Array[0, 12]
            .Select(string.Concat)
            .Where(text => !text.Any(char.IsSurrogate))
            .Sample(
                text =>
                {
                    using var file = new RecipeFile(text);
                    try
                    {
                        _ = RecipeReader.Read(file.Path, []);
                    }
                    catch (UserErrorException exception)
                    {
                        return exception.Message.StartsWith(file.Path, StringComparison.Ordinal);
                    }

                    return true;
                },
                iter: 3000,
                threads: 1
            );
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_refused()
    {
        using var folder = new TemporaryFolder();

        Assert.EndsWith(
            "none.yaml: there is no such file.",
            Assert.Throws<UserErrorException>(() => RecipeReader.Read(folder.PathOf("none.yaml"), [])).Message,
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            ": this is a folder, but a text file is needed.",
            Assert.Throws<UserErrorException>(() => RecipeReader.Read(folder.FullName, [])).Message,
            StringComparison.Ordinal
        );
    }
}
