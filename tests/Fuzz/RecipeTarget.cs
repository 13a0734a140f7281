using System.Text;
using System.Text.RegularExpressions;
using TransformerClinic.Data;
using TransformerClinic.Recipes;

namespace TransformerClinic.Fuzz;

/// <summary>
/// The reader of recipes: what it accepts it must read again as the same recipe once it is written out.
/// </summary>
internal sealed partial class RecipeTarget() : FileTarget("recipe", "recipe.yaml")
{
    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        Encoding.UTF8.GetBytes(
            RecipeWriter.Write(
                new Recipe
                {
                    Data = new DataOptions { Train = new("train.tsv"), Valid = new("valid.de", "valid, too.en") },
                }
            )
        ),
        (
            "# of few keys\nname: fuzz\ndata: { train: 'a.tsv', valid: \"b.tsv\" }\nmodel:\n  encoder:\n"u8
            + "    layers: 2\n    variant: post-ln\n  dim: 64\n"u8
            + "training:\n  schedule:\n    learningRate: 1e-3 # a comment\n"u8
        ).ToArray(),
        (
            "name: |\n  fuzz\ndata:\n  train: >-\n    a\n    b.tsv\n  valid: &valid \"\\x41\\u00e4.tsv\"\n"u8
            + "  test: *valid\n"u8
        ).ToArray(),
    ];

    protected override string Read(string path, byte[] input)
    {
        var recipe = RecipeReader.Read(path, []);
        var copy = Path.Combine(Folder, "copy.yaml");
        File.WriteAllText(copy, RecipeWriter.Write(recipe));
        Require(
            RecipeSchema.Values(recipe).SequenceEqual(RecipeSchema.Values(RecipeReader.Read(copy, []))),
            "the recipe written out is another"
        );
        return !recipe.Data.Test.IsNone ? "with a test set" : "without a test set";
    }

    // Keys, those that are not there, too, and the recipe's own words on the data are not quoted; and any refusal may
    // have a word about tabs added.
    protected override string Reason(string message) => MessageTemplate.Of(Key().Replace(message, " "));

    [GeneratedRegex(
        @"(?<=\b(there is no key|Duplicate key|it must be|its keys are|names the file with the \w+ pairs)\b).*|"
            + @"\bLine \d+ is indented with a tab.*|\b\w+(\.\w+)+",
        RegexOptions.Singleline
    )]
    private static partial Regex Key();
}
