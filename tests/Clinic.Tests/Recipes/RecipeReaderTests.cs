using TransformerClinic.Data;
using TransformerClinic.Model;
using TransformerClinic.Recipes;
using TransformerClinic.Residuals;
using TransformerClinic.Training.Schedules;

namespace TransformerClinic.Tests.Recipes;

public sealed class RecipeReaderTests
{
    [Fact]
    public void A_recipe_without_a_key_has_its_default()
    {
        var recipe = RecipeFile.Read();

        Assert.Equal(new Recipe { Data = recipe.Data }, recipe);
    }

    [Fact]
    public void Every_kind_of_value_is_read()
    {
        var recipe = RecipeFile.Read(
            """
            name: deep
            seed: -7
            model:
              encoder: {layers: 60, variant: post-ln}
              decoder:
                variant: pre-ln
              sharedEmbeddings: decoder
            training:
              schedule:
                name: linear
                learningRate: 5e-4
                warmUpUpdates: 1
              profiling:
                dropout: false
            """
        );

        Assert.Equal("deep", recipe.Name);
        Assert.Equal(-7, recipe.Seed);
        Assert.Equal(new StackOptions { Layers = 60, Variant = ResidualVariant.PostLn }, recipe.Model.Encoder);
        Assert.Equal(new StackOptions { Layers = 6, Variant = ResidualVariant.PreLn }, recipe.Model.Decoder);
        Assert.Equal(EmbeddingSharing.Decoder, recipe.Model.SharedEmbeddings);
        Assert.Equal(ScheduleName.Linear, recipe.Training.Schedule.Name);
        Assert.Equal(5e-4, recipe.Training.Schedule.LearningRate);
        Assert.False(recipe.Training.Profiling.Dropout);
    }

    [Fact]
    public void Relative_data_paths_start_at_the_folder_of_the_recipe()
    {
        using var file = new RecipeFile("data:\n  train: ../corpora/a.de,../corpora/a.en\n  valid: valid.tsv\n");

        var data = RecipeReader.Read(file.Path, []).Data;

        var above = Path.GetDirectoryName(file.Folder)!;
        Assert.Equal(
            new ParallelFiles(Path.Combine(above, "corpora", "a.de"), Path.Combine(above, "corpora", "a.en")),
            data.Train
        );
        Assert.Equal(new ParallelFiles(Path.Combine(file.Folder, "valid.tsv")), data.Valid);
        Assert.Equal(ParallelFiles.None, data.Test);
    }

    [Theory]
    [InlineData("../runs/base", "runs/base")]
    [InlineData("../runs/base/", "runs/base")]
    [InlineData("", null)]
    public void The_path_of_the_model_to_begin_from_starts_at_the_folder_of_the_recipe_in_an_override_as_well(
        string from,
        string? below
    )
    {
        using var file = new RecipeFile($"{RecipeFile.Data}training:\n  from: {(from.Length == 0 ? "\"\"" : from)}\n");
        var expected = below is null ? "" : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file.Folder)!, below));

        Assert.Equal(expected, RecipeReader.Read(file.Path, []).Training.From);
        Assert.Equal(
            Path.Combine(file.Folder, "model"),
            RecipeReader.Read(file.Path, ["training.from=model"]).Training.From
        );
        Assert.Equal("", RecipeReader.Read(file.Path, ["training.from="]).Training.From);
    }

    [Fact]
    public void The_folder_of_a_stored_training_set_starts_at_the_folder_of_the_recipe_too()
    {
        using var file = new RecipeFile($"{RecipeFile.Data}  prepared: stored/\n");
        Assert.Equal(Path.Combine(file.Folder, "stored"), RecipeReader.Read(file.Path, []).Data.Prepared);
        Assert.Equal("", RecipeReader.Read(file.Path, ["data.prepared= "]).Data.Prepared);
    }

    [Fact]
    public void The_files_of_a_set_may_be_a_list_whose_paths_hold_commas()
    {
        using var file = new RecipeFile(
            "data:\n  train: [\"Doe, Jane/a.de\", Doe.en]\n  valid:\n    - a,b.tsv\n  test: []\n"
        );

        var data = RecipeReader.Read(file.Path, []).Data;
        var set = RecipeReader
            .Read(file.Path, ["data.test=['x, y.tsv']", "data.valid = [v.de, v.en]", "data.train=t.de,t.en"])
            .Data;

        Assert.Equal(
            new ParallelFiles(Path.Combine(file.Folder, "Doe, Jane", "a.de"), Path.Combine(file.Folder, "Doe.en")),
            data.Train
        );
        Assert.Equal(new ParallelFiles(Path.Combine(file.Folder, "a,b.tsv")), data.Valid);
        Assert.Equal(ParallelFiles.None, data.Test);
        Assert.Equal(new ParallelFiles(Path.Combine(file.Folder, "x, y.tsv")), set.Test);
        Assert.Equal(
            new ParallelFiles(Path.Combine(file.Folder, "v.de"), Path.Combine(file.Folder, "v.en")),
            set.Valid
        );
        Assert.Equal(
            new ParallelFiles(Path.Combine(file.Folder, "t.de"), Path.Combine(file.Folder, "t.en")),
            set.Train
        );
    }

    [Fact]
    public void A_set_may_be_several_corpora_and_those_of_training_have_weights()
    {
        using var file = new RecipeFile(
            "data:\n  train:\n    - files: a.tsv\n    - files: [b.de, b.en]\n      weight: 2.5\n"
                + "    - files: c.de,c.en\n"
                + "  valid: [{files: v.tsv}, {files: [w.tsv], weight: 1}]\n"
        );

        var data = RecipeReader.Read(file.Path, []).Data;
        var set = RecipeReader
            .Read(file.Path, ["data.train=[{files: ['x, y.tsv'], weight: 0.5}, {files: z.tsv}]"])
            .Data;

        Assert.Equal(
            new ParallelFiles([Corpus(1, "a.tsv"), Corpus(2.5, "b.de", "b.en"), Corpus(1, "c.de", "c.en")]),
            data.Train
        );
        Assert.Equal(new ParallelFiles([Corpus(1, "v.tsv"), Corpus(1, "w.tsv")]), data.Valid);
        Assert.Equal(new ParallelFiles([Corpus(0.5, "x, y.tsv"), Corpus(1, "z.tsv")]), set.Train);

        ParallelCorpus Corpus(double weight, params string[] names) =>
            new([.. names.Select(name => Path.Combine(file.Folder, name))], weight);
    }

    [Theory]
    [InlineData("[{files: a}, b]", ": entry 2 of the list has no files:. ")]
    [InlineData("[{weight: 2}]", ": entry 1 of the list has no files:. ")]
    [InlineData("[{files: }]", ": entry 1 of the list has no files:. ")]
    [InlineData("[{files: a, weigth: 2}]", ": entry 1 of the list: there is no key weigth. ")]
    [InlineData("[{files: {a: b}}]", ": entry 1 of the list: files is a section. ")]
    public void A_corpus_that_is_not_one_is_refused_with_what_a_corpus_is(string list, string message) =>
        Assert.Equal(
            $"r.yaml, line 4: data.test{message}In a list of corpora each entry is files: with one or two paths, and "
                + "if need be weight: with a number.",
            RecipeFile.Error($"{RecipeFile.Data}  test: {list}")
        );

    [Theory]
    [InlineData("0", "'0'")]
    [InlineData("-1", "'-1'")]
    [InlineData("1001", "'1001'")]
    [InlineData(".nan", "'.nan'")]
    [InlineData("NaN", "'NaN'")]
    [InlineData("often", "'often'")]
    [InlineData("", "''")]
    [InlineData("[1]", "not a number")]
    public void A_weight_is_a_number_above_zero(string weight, string named) =>
        Assert.Equal(
            $"r.yaml, line 4: data.test: entry 1 of the list: weight is {named}; it must be a number above 0, and at "
                + "most 1000.",
            RecipeFile.Error($"{RecipeFile.Data}  test: [{{files: a, weight: {weight}}}]")
        );

    [Theory]
    [InlineData("[{files: [a, b, c]}]", ": entry 1 of the list: files: 3 files are listed;")]
    [InlineData("[{files: [a, ~]}]", ": entry 1 of the list: files: entry 2 of the list is not a path.")]
    [InlineData("[{files: a, weight: 2}]", ": ")]
    public void Other_mistakes_in_corpora_are_refused(string list, string message) =>
        Assert.StartsWith(
            message == ": " ? "r.yaml: data.test: " : $"r.yaml, line 4: data.test{message}",
            RecipeFile.Error($"{RecipeFile.Data}  test: {list}"),
            StringComparison.Ordinal
        );

    [Fact]
    public void Only_training_text_is_weighted() =>
        Assert.EndsWith(
            "a has the weight 2, but only training text is weighted.",
            RecipeFile.Error($"{RecipeFile.Data}  test: [{{files: a, weight: 2}}]"),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(
        "test: [a, b, c]",
        "r.yaml, line 4: data.test: 3 files are listed; a set is one file of pairs, or the source's file and the "
            + "target's. Several such corpora are a list of entries with files:, as in [{files: a.tsv}, "
            + "{files: b.tsv}]."
    )]
    [InlineData("test: [a, ~]", "r.yaml, line 4: data.test: entry 2 of the list is not a path.")]
    [InlineData("test: [a, '']", "r.yaml, line 4: data.test: a path in the list is empty.")]
    [InlineData("test: [a, [b]]", "r.yaml, line 4: data.test: entry 2 of the list is not a path.")]
    [InlineData("test: \"a\\0\"", "r.yaml, line 4: data.test: 'a\\0': a path cannot hold a NUL character.")]
    [InlineData(
        "test: {a: b}",
        "r.yaml, line 4: data.test is a section; it must be a path, two with a comma between them, a list of one or "
            + "two, or a list of corpora."
    )]
    [InlineData("obtain: [a]", "r.yaml, line 4: data.obtain is a list; it must be text.")]
    public void A_list_that_is_not_a_set_of_files_is_refused(string line, string message) =>
        Assert.Equal(message, RecipeFile.Error($"{RecipeFile.Data}  {line}"));

    /// <summary>Whatever the key, and wherever YAML has a null, the key is as if it were not written.</summary>
    [Theory]
    [InlineData("null")]
    [InlineData("Null")]
    [InlineData("NULL")]
    [InlineData("~")]
    [InlineData("")]
    [InlineData("!!null x")]
    [InlineData("# a comment")]
    public void Null_means_that_a_key_is_not_set(string nothing)
    {
        string[] necessary = ["data.train", "data.valid"];
        foreach (var path in RecipeSchema.Keys.Select(key => key.Path).Concat(RecipeSchema.Sections).Except(necessary))
        {
            var parts = path.Split('.');
            var lines =
                parts[0] == "data" && parts.Length > 1
                    ? $"{RecipeFile.Data}  {parts[1]}: {nothing}\n"
                    : (path == "data" ? "" : RecipeFile.Data)
                        + string.Concat(
                            parts.Select(
                                (part, depth) =>
                                    $"{new string(' ', 2 * depth)}{part}:"
                                    + $"{(depth == parts.Length - 1 ? $" {nothing}" : "")}\n"
                            )
                        );
            if (path == "data")
            {
                Assert.StartsWith("r.yaml: data.train is not set", RecipeFile.Error(lines), StringComparison.Ordinal);
                continue;
            }

            using var file = new RecipeFile(lines);
            var recipe = RecipeReader.Read(file.Path, []);
            Assert.Equal(
                new Recipe
                {
                    Data = new() { Train = recipe.Data.Train, Valid = recipe.Data.Valid },
                },
                recipe
            );
        }

        Assert.All(
            necessary,
            key =>
                Assert.StartsWith(
                    $"r.yaml: {key} is not set",
                    RecipeFile.Error(
                        RecipeFile.Data.Replace(
                            $"{key[5..]}: {key[5..]}.tsv",
                            $"{key[5..]}: {nothing}",
                            StringComparison.Ordinal
                        )
                    ),
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public void Null_in_quotes_is_text()
    {
        var recipe = RecipeFile.Read("  test: 'null'\n  obtain: \"~\"\n  sourceLanguage: !!str null\nname: 'null'\n");

        Assert.Equal("null", Path.GetFileName(recipe.Data.Test.Paths.Single()));
        Assert.Equal(("~", "null", "null"), (recipe.Data.Obtain, recipe.Data.SourceLanguage, recipe.Name));
    }

    [Fact]
    public void Null_in_an_override_restores_the_default()
    {
        var recipe = RecipeFile.Read(
            "  test: t.tsv\nseed: 3\ntraining:\n  maxUpdates: 5\n",
            "data.test=null",
            "seed=~"
        );

        Assert.Equal((ParallelFiles.None, 1L, 5), (recipe.Data.Test, recipe.Seed, recipe.Training.MaxUpdates));
    }

    [Fact]
    public void Even_a_key_without_a_value_must_be_known() =>
        Assert.Equal(
            "r.yaml, line 4: there is no key sed. Did you mean seed?",
            RecipeFile.Error(RecipeFile.Data + "sed: ~")
        );

    [Fact]
    public void A_byte_order_mark_and_windows_line_ends_are_read()
    {
        using var file = new RecipeFile("\uFEFF" + RecipeFile.Data.ReplaceLineEndings("\r\n") + "seed: 3\r\n");

        Assert.Equal(3, RecipeReader.Read(file.Path, []).Seed);
    }

    [Fact]
    public void An_override_wins_over_the_file_and_the_later_of_two_wins()
    {
        var recipe = RecipeFile.Read(
            "seed: 1\ntraining:\n  maxUpdates: 10",
            "seed=2",
            "training.maxUpdates = 50",
            "seed=3",
            "model.decoder.variant=post-ln",
            "data.obtain=a=b"
        );

        Assert.Equal(3, recipe.Seed);
        Assert.Equal(50, recipe.Training.MaxUpdates);
        Assert.Equal(ResidualVariant.PostLn, recipe.Model.Decoder.Variant);
        Assert.Equal("a=b", recipe.Data.Obtain);
    }

    [Fact]
    public void A_section_may_be_an_alias() =>
        Assert.Equal(
            3,
            RecipeFile.Read("model:\n  encoder: &stack {layers: 3}\n  decoder: *stack\n").Model.Decoder.Layers
        );
}
