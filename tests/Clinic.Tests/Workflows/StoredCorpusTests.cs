using System.Text.Json.Nodes;
using TransformerClinic.Common;
using TransformerClinic.Comparisons;
using TransformerClinic.Data;
using TransformerClinic.Data.Stored;
using TransformerClinic.Recipes;
using TransformerClinic.Residuals;
using TransformerClinic.Workflows;

namespace TransformerClinic.Tests.Workflows;

/// <summary>Runs store their training set once, and use it again while it would be the same.</summary>
[Trait("Speed", "Slow")]
public sealed class StoredCorpusTests : IDisposable
{
    private readonly TinyRecipe _tiny = new();
    private readonly string _train;

    public StoredCorpusTests() => _train = _tiny.PathOf("train.tsv");

    private Recipe Recipe => _tiny.Recipe;

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void A_run_that_resumes_reads_no_training_text_even_if_the_file_was_moved_or_touched()
    {
        Cut(Recipe, "run", 2);
        var stored = File.ReadAllBytes(_tiny.PathOf("run/corpus/00000.ids"));
        var watched = Cut(Recipe, "run", 4);
        Assert.Contains($"the training set is stored in {_tiny.PathOf("run/corpus")}", watched.Lines);
        Assert.DoesNotContain("learning merges", watched.Stages);

        File.SetLastWriteTimeUtc(_train, DateTime.UtcNow.AddHours(-1));
        Assert.DoesNotContain("learning merges", Cut(Recipe, "run", 6).Stages);
        Assert.Equal(File.GetLastWriteTimeUtc(_train).Ticks, Noted("modified").GetValue<long>());

        File.Move(_train, _tiny.PathOf("moved.tsv"));
        var moved = Recipe with { Data = Recipe.Data with { Train = new(_tiny.PathOf("moved.tsv")) } };
        Assert.DoesNotContain("learning merges", Cut(moved, "run", 8).Stages);
        Assert.Equal(_tiny.PathOf("moved.tsv"), Noted("path").GetValue<string>());
        Assert.Contains("moved.tsv", File.ReadAllText(_tiny.PathOf("run/data.json")));
        Assert.Equal(stored, File.ReadAllBytes(_tiny.PathOf("run/corpus/00000.ids")));

        JsonValue Noted(string key) =>
            JsonNode.Parse(File.ReadAllText(_tiny.PathOf("run/corpus/manifest.json")))!["origin"]!["texts"]![0]![
                key
            ]!.AsValue();
    }

    [Fact]
    public void Other_text_is_stored_again_without_a_checkpoint_and_refused_with_one()
    {
        Cut(Recipe, "new", 1);
        Directory.Delete(_tiny.PathOf("new/checkpoints"), recursive: true);
        File.Delete(_tiny.PathOf("new/data.json"));
        Cut(Recipe, "begun", 4);
        File.AppendAllText(_train, "eins zwei\tone two\n");

        var again = Cut(Recipe, "new", 2);
        Assert.Contains(
            $"{_tiny.PathOf("new/corpus")}: {_train} is not what it was when it was stored, so the training set is "
                + "stored again.",
            again.Lines
        );
        Assert.Contains("encoding text", again.Stages);
        var refused = Assert.Throws<UserErrorException>(() => Cut(Recipe, "begun", 6));
        Assert.Contains("the data has changed since this run was begun: data.train", refused.Message);
    }

    [Fact]
    public void A_damaged_or_removed_set_of_a_run_is_stored_again_with_the_same_bytes()
    {
        Cut(Recipe, "run", 2);
        var ids = _tiny.PathOf("run/corpus/00000.ids");
        var stored = File.ReadAllBytes(ids);
        File.WriteAllBytes(ids, stored[..^1]);
        Assert.Contains(Cut(Recipe, "run", 4).Lines, line => line.Contains($"{ids}: this file of a stored"));
        Assert.Equal(stored, File.ReadAllBytes(ids));

        Directory.Delete(_tiny.PathOf("run/corpus"), recursive: true);
        Cut(Recipe, "run", 6);
        Assert.Equal(stored, File.ReadAllBytes(ids));
    }

    [Fact]
    public void A_named_set_trains_the_same_without_its_text_and_is_refused_for_another_recipe()
    {
        var own = _tiny.Run(Recipe, "own").Left;
        var named = Recipe with { Data = Recipe.Data with { Prepared = _tiny.PathOf("own/corpus") } };
        var refused = 0;
        File.Delete(_train);

        Assert.Null(RunFingerprint.Difference(WithoutCorpus(own), _tiny.Run(named, "named").Left));
        Assert.False(Directory.Exists(_tiny.PathOf("named/corpus")));

        Assert.Equal(
            $"data.prepared: {_tiny.PathOf("own/corpus")}: data.maxLength is 12, and was 175 when it was stored. "
                + "Store the training set again with clinic prepare, or leave data.prepared empty: then the run "
                + "stores its own.",
            Refusal(named with { Data = named.Data with { MaxLength = 12 } })
        );
        Assert.Contains(
            "subwords are 40 merges, minPairCount 2, nfc, and were 30 merges, minPairCount 2, nfc",
            Refusal(named with { Subwords = named.Subwords with { Merges = 40 } })
        );
        File.WriteAllText(_train, "eins\tone\n");
        Assert.Contains($"{_train} is not what it was when it was stored", Refusal(named));
        Assert.Contains(
            "there is no stored training set here",
            Refusal(named with { Data = named.Data with { Prepared = _tiny.PathOf("nowhere") } })
        );

        string Refusal(Recipe recipe) =>
            Assert.Throws<UserErrorException>(() => Cut(recipe, $"refused-{refused++}", 1)).Message;
    }

    [Fact]
    public void Runs_that_are_compared_share_one_set()
    {
        using var console = new StoppingConsole();
        var recipe = Recipe with { Training = Recipe.Training with { MaxUpdates = 3 } };
        var options = new ComparisonOptions
        {
            Candidates = [Candidate.Of(ResidualVariant.PreLn)],
            Seeds = [1, 2],
            Diagnoses = false,
        };
        new ComparisonRun(recipe, options, _tiny.PathOf("compared"), console).Run(console.Stop);

        Assert.Equal(1, console.Stages.Count(stage => stage == "learning merges"));
        Assert.True(File.Exists(_tiny.PathOf("compared/corpus/manifest.json")));
        Assert.False(Directory.Exists(_tiny.PathOf("compared/pre-ln-seed1/corpus")));
    }

    [Fact]
    public void Weights_and_dropout_of_merges_are_resumed_exactly()
    {
        var recipe = Recipe with
        {
            Data = Recipe.Data with
            {
                Train = new([new ParallelCorpus([_train], 1.5), new ParallelCorpus([_tiny.PathOf("valid.tsv")], 0.5)]),
            },
            Subwords = Recipe.Subwords with { Dropout = 0.2 },
        };
        var whole = _tiny.Run(recipe, "whole").Left;
        Assert.Null(RunFingerprint.Difference(whole, _tiny.Run(recipe, "cut", 2, 5, 9).Left));
        var without = recipe with { Subwords = Recipe.Subwords };
        Assert.NotNull(RunFingerprint.Difference(whole, _tiny.Run(without, "without").Left));
    }

    [Fact]
    public void The_text_of_examples_is_found_again_while_the_file_is_as_it_was()
    {
        using var console = new StoppingConsole();
        using var place = new CorpusPlace(_tiny.PathOf("corpus"), isFirst: true);
        var corpus = Preparation.Of(Recipe, console, console.Stop, place: place);
        using var set = Assert.IsType<StoredSet>(corpus.Train);
        string[] lines = File.ReadAllLines(_train);

        Assert.Equal(
            [lines[7], lines[0], lines[7]],
            set.Texts([7, 0, 7])!.Select(pair => $"{pair.Source}\t{pair.Target}")
        );
        File.AppendAllText(_train, "eins\tone\n");
        Assert.Null(set.Texts([7]));
        File.Delete(_train);
        Assert.Null(set.Texts([7]));
    }

    private static IReadOnlyList<string> WithoutCorpus(IReadOnlyList<string> left) =>
        [.. left.Where(line => !line.StartsWith("corpus/", StringComparison.Ordinal))];

    private StoppingConsole Cut(Recipe recipe, string name, int after)
    {
        using var console = new StoppingConsole(after);
        Assert.Null(new TrainingRun(recipe, _tiny.PathOf(name), console).Run(console.Stop));
        return console;
    }
}
