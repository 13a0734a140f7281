using CsCheck;
using TransformerClinic.Common;
using TransformerClinic.Recipes;

namespace TransformerClinic.Tests.Recipes;

/// <summary>What a user is told who got a recipe or an override wrong.</summary>
public sealed class RecipeMistakesTests
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
    [InlineData("sed: 1", "r.yaml, line 4: there is no key sed. Did you mean seed?")]
    [InlineData("trainin:\n  maxUpdates: 5", "r.yaml, line 4: there is no key trainin. Did you mean training?")]
    [InlineData(
        "training:\n  max_updates: 5",
        "r.yaml, line 5: there is no key training.max_updates. Did you mean training.maxUpdates?"
    )]
    [InlineData(
        "training:\n  learningRate: 5",
        "r.yaml, line 5: there is no key training.learningRate. Did you mean training.schedule.learningRate?"
    )]
    [InlineData(
        "model:\n  layers: 5",
        "r.yaml, line 5: there is no key model.layers. Did you mean model.encoder.layers or model.decoder.layers?"
    )]
    [InlineData(
        "model:\n  encoder:\n    zebra: 5",
        "r.yaml, line 6: there is no key model.encoder.zebra. docs/recipes.md lists them all."
    )]
    public void An_unknown_key_is_named_with_the_nearest_known_one(string lines, string message) =>
        Assert.Equal(message, RecipeFile.Error(RecipeFile.Data + lines));

    [Theory]
    [InlineData("seed: one", "r.yaml, line 4: seed is 'one'; it must be a whole number.")]
    [InlineData("seed: 1.5", "r.yaml, line 4: seed is '1.5'; it must be a whole number.")]
    [InlineData(
        "seed: 99999999999999999999",
        "r.yaml, line 4: seed is '99999999999999999999'; it must be a whole number."
    )]
    [InlineData("seed: ''", "r.yaml, line 4: seed has no value; it must be a whole number.")]
    [InlineData("seed: [1, 2]", "r.yaml, line 4: seed is a list; it must be a whole number.")]
    [InlineData("seed: {a: 1}", "r.yaml, line 4: seed is a section; it must be a whole number.")]
    [InlineData("threads: -1", "r.yaml, line 4: threads is '-1'; it must be a whole number from 0 to 4096.")]
    [InlineData(
        "training: {maxUpdates: 0}",
        "r.yaml, line 4: training.maxUpdates is '0'; it must be a whole number, 1 or more."
    )]
    [InlineData(
        "training: {maxUpdates: 3000000000}",
        "r.yaml, line 4: training.maxUpdates is '3000000000'; it must be a whole number, 1 or more."
    )]
    [InlineData("model: {dropout: 1}", "r.yaml, line 4: model.dropout is '1'; it must be a number from 0 to 0.99.")]
    [InlineData("model: {dropout: 0,1}", "r.yaml, line 4: there is no key model.1. docs/recipes.md lists them all.")]
    [InlineData(
        "model: {dropout: '0,1'}",
        "r.yaml, line 4: model.dropout is '0,1'; it must be a number from 0 to 0.99."
    )]
    [InlineData("model: {dropout: NaN}", "r.yaml, line 4: model.dropout is 'NaN'; it must be a number from 0 to 0.99.")]
    [InlineData(
        "model: {dropout: -Infinity}",
        "r.yaml, line 4: model.dropout is '-Infinity'; it must be a number from 0 to 0.99."
    )]
    [InlineData(
        "model:\n  encoder:\n    variant: postln",
        "r.yaml, line 6: model.encoder.variant is 'postln'; it must be one of post-ln, pre-ln, admin, "
            + "admin-formula, admin-analytic, deep-norm, rezero, rezero-post-ln, look-linear, keel, b2t, "
            + "residual, layer-norm-scaling, mix-ln, peri-ln, sandwich-ln, output-norm, layer-scale, skip-init, "
            + "t-fixup, depth-mup, complete-p, span-norm, siamese-norm, "
            + "sub-ln, hybrid-norm, dlcl, dlcl-post-ln, hyper-connections, mhc, hybrid-norm-star. Did you mean post-ln?"
    )]
    [InlineData("device: 1", "r.yaml, line 4: device is '1'; it must be one of cpu, cuda.")]
    [InlineData("device: CUDA", "r.yaml, line 4: device is 'CUDA'; it must be one of cpu, cuda. Did you mean cuda?")]
    [InlineData(
        "training: {profiling: {dropout: yes}}",
        "r.yaml, line 4: training.profiling.dropout is 'yes'; it must be true or false."
    )]
    [InlineData(
        "training: 5",
        "r.yaml, line 4: training is a section; its keys are training.from, training.maxUpdates, "
    )]
    public void A_value_that_a_key_does_not_take_is_named_with_what_it_takes(string lines, string message) =>
        Assert.StartsWith(message, RecipeFile.Error(RecipeFile.Data + lines), StringComparison.Ordinal);

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
    public void What_a_device_cannot_translate_in_is_refused_before_training()
    {
        const string Device = RecipeFile.Data + "device: cuda\ndecoding: {precision: int8}\n";
        Assert.EndsWith(
            "decoding.precision is int8 and device is cuda: only the processor translates in it, so neither the test "
                + "set nor validation sentences could be translated. Use fp32.",
            RecipeFile.Error(Device + "training: {validationTranslations: 3}\n"),
            StringComparison.Ordinal
        );

        // Nothing is translated while it trains, and the processor translates later.
        using var file = new RecipeFile(Device);
        Assert.Equal(DeviceName.Cuda, RecipeReader.Read(file.Path, []).Device);
    }

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

    [Theory]
    [InlineData(
        "data.test=[a, b, c]",
        "override data.test=[a, b, c]: data.test: 3 files are listed; a set is one file of pairs, or the source's file "
            + "and the target's. Several such corpora are a list of entries with files:, as in [{files: a.tsv}, "
            + "{files: b.tsv}]."
    )]
    [InlineData(
        "data.test=[a, 'b]",
        "override data.test=[a, 'b]: data.test: this is not a list in brackets: look for a bracket or quote that is "
            + "opened and not closed."
    )]
    [InlineData(
        "data.test=[a] [b]",
        "override data.test=[a] [b]: data.test: this is not a list in brackets: look for a bracket or quote that is "
            + "opened and not closed."
    )]
    [InlineData("seed", "override seed: an override is key=value, such as training.maxUpdates=500.")]
    [InlineData("=5", "override =5: an override is key=value, such as training.maxUpdates=500.")]
    [InlineData("seeds=5", "override seeds=5: there is no key seeds. Did you mean seed?")]
    [InlineData("seed=", "override seed=: seed has no value; it must be a whole number.")]
    [InlineData(
        "training.maxUpdates=none",
        "override training.maxUpdates=none: training.maxUpdates is 'none'; it must be a whole number, 1 or more."
    )]
    [InlineData(
        "subwords=6",
        "override subwords=6: subwords is a section; its keys are subwords.merges, subwords.minPairCount, "
            + "subwords.normalization, subwords.dropout."
    )]
    public void A_wrong_override_is_named(string setting, string message) =>
        Assert.Equal(message, RecipeFile.Error(RecipeFile.Data, setting));
}
