using System.ComponentModel.DataAnnotations;
using System.Reflection;
using CsCheck;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Decoding;
using TransformerClinic.Recipes;
using TransformerClinic.Residuals;

namespace TransformerClinic.Tests.Recipes;

public sealed class RecipeWriterTests
{
    private static readonly Gen<Recipe> AnyRecipe = Gen.Select(
        AnyOptions(typeof(Recipe)).Select(options => (Recipe)options),
        Gen.Int[1, 64],
        Gen.Int[1, 64],
        Consistent
    );

    [Fact]
    public void A_recipe_that_was_written_reads_back_the_same() =>
        AnyRecipe.Sample(
            recipe =>
            {
                using var file = new RecipeFile(RecipeWriter.Write(recipe));
                return RecipeReader.Read(file.Path, []) == recipe;
            },
            iter: 300,
            threads: 1
        );

    [Fact]
    public void It_has_every_key_once_in_the_order_of_the_options()
    {
        var lines = RecipeWriter.Write(new Recipe()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var sections = RecipeSchema.Sections.Count;
        Assert.Equal(RecipeSchema.Keys.Count + sections, lines.Length);
        Assert.Equal(
            ["name: \"run\"", "seed: 1", "device: cpu", "threads: 0", "data:", "  sourceLanguage: \"src\""],
            lines[..6]
        );
        Assert.Equal(
            [
                "model:",
                "  encoder:",
                "    layers: 6",
                "    variant: admin",
                "    firstOmega: frozen",
                "    analytic:",
                "      outputChange: log-n",
            ],
            lines.SkipWhile(line => line != "model:").Take(7)
        );
    }

    [Fact]
    public void Files_are_written_as_lists()
    {
        var data = new DataOptions { Train = new("/x/Doe, Jane/tr.de", "/x/Doe, Jane/tr.en"), Valid = new("v\"w.tsv") };
        var lines = RecipeWriter.Write(new Recipe { Data = data }).Split('\n');

        Assert.Contains("  train: [\"/x/Doe, Jane/tr.de\", \"/x/Doe, Jane/tr.en\"]", lines);
        Assert.Contains("  valid: [\"v\\\"w.tsv\"]", lines);
        Assert.Contains("  test: []", lines);
    }

    [Fact]
    public void Corpora_are_written_with_their_weights_and_read_back()
    {
        var data = new DataOptions
        {
            Train = new([new([FullPath("a, b.tsv")]), new([FullPath("c.de"), FullPath("c.en")], 2.5)]),
            Valid = new([new([FullPath("v.tsv")]), new([FullPath("w.tsv")])]),
            Test = new([new([FullPath("only.tsv")])]),
        };
        var recipe = new Recipe { Data = data };
        var text = RecipeWriter.Write(recipe);

        Assert.Contains(
            $"{{files: [\"{Escaped("c.de")}\", \"{Escaped("c.en")}\"], weight: 2.5}}]\n",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains($"  valid: [{{files: [\"{Escaped("v.tsv")}\"]}}, {{files: [\"", text, StringComparison.Ordinal);
        Assert.Contains($"  test: [\"{Escaped("only.tsv")}\"]\n", text, StringComparison.Ordinal);
        using var file = new RecipeFile(text);
        Assert.Equal(data, RecipeReader.Read(file.Path, []).Data);

        string Escaped(string name) => FullPath(name).Replace("\\", "\\\\", StringComparison.Ordinal);
    }

    /// <summary>As versions before lists wrote them: strings of full paths, the text of which may be gone.</summary>
    [Fact]
    public void Strings_of_earlier_versions_are_still_read()
    {
        using var file = new RecipeFile(
            "data:\n  train: \"/gone/Doe, Jane/a.tsv\"\n  valid: \"/gone/a.de,/gone/a.en\"\n  test: \"\"\n"
        );

        var data = RecipeReader.Read(file.Path, []).Data;

        Assert.Equal(new ParallelFiles(Path.GetFullPath("/gone/Doe, Jane/a.tsv")), data.Train);
        Assert.Equal(new ParallelFiles(Path.GetFullPath("/gone/a.de"), Path.GetFullPath("/gone/a.en")), data.Valid);
        Assert.Equal(ParallelFiles.None, data.Test);
    }

    [Fact]
    public void Numbers_are_written_the_same_in_every_country()
    {
        var culture = Thread.CurrentThread.CurrentCulture;
        try
        {
            Thread.CurrentThread.CurrentCulture = new System.Globalization.CultureInfo("de-DE");
            Assert.Contains("  dropout: 0.1\n", RecipeWriter.Write(new Recipe()), StringComparison.Ordinal);
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = culture;
        }
    }

    private static Recipe Consistent(Recipe recipe, int heads, int half)
    {
        var (training, schedule) = (recipe.Training, recipe.Training.Schedule);
        return recipe with
        {
            Name = "any",
            Data = recipe.Data with
            {
                Train = new(FullPath("train, ü.tsv")),
                Valid = new(FullPath("a: \"b\", c"), FullPath("# c")),
                Test = ParallelFiles.None,
                Prepared = FullPath("a corpus: # ü"),
                MaxLength = Math.Min(recipe.Data.MaxLength, recipe.Model.MaxPositions),
            },
            Model = recipe.Model with { Heads = heads, Dim = 2 * heads * half },
            Training = training with
            {
                From = FullPath("a model: # ü"),
                MaxUpdates = Math.Max(training.MaxUpdates, 2),
                Average = Math.Min(training.Average, training.KeepLast),
                Schedule = schedule with
                {
                    LearningRate = Math.Max(schedule.LearningRate, 1e-9),
                    WarmUpFrom = Math.Min(schedule.WarmUpFrom, Math.Max(schedule.LearningRate, 1e-9)),
                    MinLearningRate = Math.Min(schedule.MinLearningRate, Math.Max(schedule.LearningRate, 1e-9)),
                    TotalUpdates =
                        schedule.TotalUpdates == 0
                            ? 0
                            : Math.Max(schedule.TotalUpdates, Math.Max(training.MaxUpdates, 2)),
                    WarmUpUpdates = Math.Min(schedule.WarmUpUpdates, Math.Max(training.MaxUpdates, 2) - 1),
                },
            },
            Decoding = recipe.Decoding with
            {
                Precision = recipe.Device == DeviceName.Cpu ? recipe.Decoding.Precision : DecodingPrecision.Fp32,
            },
        };
    }

    private static string FullPath(string name) => Path.Combine(Path.GetTempPath(), name);

    private static Gen<object> AnyOptions(Type type)
    {
        var properties = type.GetProperties()
            .Where(property => property.CanWrite && property.PropertyType != typeof(ResidualDesign))
            .ToArray();
        return properties.Aggregate(
            Gen.Const(() => Activator.CreateInstance(type)!),
            (options, property) =>
                Gen.Select(
                    options,
                    AnyValue(property),
                    (made, value) =>
                    {
                        property.SetValue(made, value);
                        return made;
                    }
                )
        );
    }

    private static Gen<object> AnyValue(PropertyInfo property)
    {
        var range = property.GetCustomAttribute<RangeAttribute>();
        return property.PropertyType switch
        {
            { IsEnum: true } type => Gen.Int[0, Enum.GetValues(type).Length - 1]
                .Select(i => Enum.GetValues(type).GetValue(i)!),
            var type when type == typeof(bool) => Gen.Bool.Select(value => (object)value),
            var type when type == typeof(long) => Gen.Long.Select(value => (object)value),
            var type when type == typeof(int) => Gen.Int[(int)range!.Minimum, (int)range.Maximum]
                .Select(value => (object)value),
            var type when type == typeof(double) => Gen.Double[(double)range!.Minimum, (double)range.Maximum]
                .Select(value => (object)value),
            var type when type == typeof(string) => AnyText.Line.Where(IsUnicode).Select(value => (object)value),
            var type when type == typeof(ParallelFiles) => Gen.Const((object)ParallelFiles.None),
            var type => AnyOptions(type),
        };
    }

    /// <summary>A lone surrogate is not text that a file of UTF-8 could hold.</summary>
    private static bool IsUnicode(string text) =>
        text.EnumerateRunes().All(rune => rune != System.Text.Rune.ReplacementChar);
}
