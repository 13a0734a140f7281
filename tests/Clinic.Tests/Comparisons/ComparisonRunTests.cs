using TransformerClinic.Common;
using TransformerClinic.Comparisons;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Files;
using TransformerClinic.Recipes;
using TransformerClinic.Tests.Workflows;
using TransformerClinic.Training;
using TransformerClinic.Training.Schedules;

namespace TransformerClinic.Tests.Comparisons;

[Trait("Speed", "Slow")]
public sealed class ComparisonRunTests : IDisposable
{
    private const string Diverging =
        "rezero+training.optimizer.name=sgd+training.clipNorm=0+training.schedule.warmUpFrom=1"
        + "+training.divergence.skipsInARow=3+training.maxUpdates=300";

    private readonly TinyRecipe _tiny = new();

    private Recipe Recipe => _tiny.Recipe with { Training = _tiny.Recipe.Training with { Average = 2 } };

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void Each_gets_its_own_rate_from_the_same_grid_and_a_budget_of_tokens()
    {
        var results = Compare(
            Options("post-ln,admin") with
            {
                Rates = [1e-5, 1e-2],
                Tokens = 300,
                SearchTokens = 100,
            }
        )!;

        Assert.True(results.Complete);
        Assert.Equal(
            [("post-ln", 1e-5), ("post-ln", 1e-2), ("admin", 1e-5), ("admin", 1e-2)],
            results.Search.Select(run => (run.Candidate.Key, run.LearningRate))
        );
        Assert.All(results.Search, run => Assert.InRange(run.Results.Tokens, 100, 220));
        Assert.Equal(4, results.Runs.Count);
        Assert.All(results.Runs, run => Assert.Equal(TrainingEnd.TokenLimit, run.Results.End));
        Assert.All(results.Runs, run => Assert.InRange(run.Results.Tokens, 300, 420));
        Assert.All(
            results.Runs,
            run =>
                Assert.Equal(
                    ComparisonPlan.Best(results.Search.Where(tried => tried.Candidate.Key == run.Candidate.Key)),
                    run.LearningRate
                )
        );
        Assert.All(results.Runs, run => Assert.True(run.MemoryMiB > 1));
        Assert.False(Directory.Exists(_tiny.PathOf("compared/search/admin-rate0.01-seed1/checkpoints")));
        Assert.True(
            Directory.Exists(_tiny.PathOf($"compared/{results.Runs.Single(IsSecondOfAdmin).Folder}/checkpoints"))
        );

        static bool IsSecondOfAdmin(ComparedRun run) => run is { Candidate.Key: "admin", Seed: 2 };
    }

    [Fact]
    public void A_wider_search_in_the_same_folder_trains_what_is_new_and_keeps_the_rest()
    {
        var narrow = Compare(Options("admin") with { Rates = [1e-5] })!;

        var wide = Compare(Options("admin") with { Rates = [1e-5, 1e-2] })!;

        Assert.All(narrow.Runs, run => Assert.Equal(1e-5, run.LearningRate));
        Assert.All(wide.Runs, run => Assert.Equal(1e-2, run.LearningRate));
        Assert.Equal(narrow.Search[0].Results.Seconds, wide.Search[0].Results.Seconds); // it was not trained again
        Assert.All(
            narrow.Runs.Concat(wide.Runs),
            run => Assert.True(Directory.Exists(_tiny.PathOf($"compared/{run.Folder}/model")))
        );
    }

    [Fact]
    public void A_training_that_diverges_before_its_first_checkpoint_is_a_result()
    {
        var recipe = Recipe with { Training = Recipe.Training with { CheckpointEvery = 1000, KeepLast = 2 } };
        var results = Compare(Options($"{Diverging},admin") with { Rates = [10] }, recipe)!;

        var search = results.Search[0].Results;
        Assert.Equal(RunOutcome.Diverged, search.Outcome);
        Assert.Null(search.ValidationLoss);
        Assert.Contains("diverged", search.Verdict, StringComparison.Ordinal);
        Assert.All(results.Runs, run => Assert.Equal("admin", run.Candidate.Key));
        var failed = Ranking.Of(results).Single(one => one.Candidate.Key == Diverging);
        Assert.Equal((1, (int?)null, 0), (failed.Failed, failed.Rank, failed.Runs.Count));
    }

    [Fact]
    public void What_is_trained_is_not_trained_again_and_the_rest_is()
    {
        var whole = Compare(Options("post-ln,admin"), folder: "whole")!;
        using (var stopping = new StoppingConsole())
        {
            using var source = CancellationTokenSource.CreateLinkedTokenSource(stopping.Stop);
            var console = new CancelAfter(source, "admin-seed1");
            Assert.Null(
                new ComparisonRun(Recipe, Options("post-ln,admin"), _tiny.PathOf("cut"), console).Run(source.Token)
            );
            Assert.Contains("2 of 4 trainings have ended; run the same command again to resume.", console.Lines);
        }

        Assert.False(ComparisonResults.Read(_tiny.PathOf("cut/comparison.json")).Complete);
        using var second = new StoppingConsole();
        var resumed = new ComparisonRun(Recipe, Options("post-ln,admin"), _tiny.PathOf("cut"), second).Run(
            second.Stop
        )!;

        Assert.DoesNotContain(second.Lines, line => line.StartsWith("== post-ln", StringComparison.Ordinal));
        Assert.Contains(second.Lines, line => line.StartsWith("== admin-seed1 (3 of 4)", StringComparison.Ordinal));
        Assert.Equal(Timeless(whole), Timeless(resumed));
    }

    [Fact]
    public void Each_candidate_is_diagnosed_before_and_after_training()
    {
        var results = Compare(Options("admin") with { Seeds = [1], Diagnoses = true })!;

        var found = results.Runs[0].Diagnosis!;
        Assert.All(
            [found.Before, found.After!],
            state =>
            {
                Assert.True(File.Exists(_tiny.PathOf($"compared/{state.Page}")));
                Assert.All(state.Stacks, stack => Assert.InRange(stack.Lean!.Value, 0, 1));
                Assert.Equal(2, state.Growth.Count);
            }
        );
        Assert.NotEqual(found.Before.Stacks[0].Lean, found.After!.Stacks[0].Lean);
    }

    [Fact]
    public void Keys_that_do_not_fit_are_refused_before_anything_is_trained()
    {
        var cosine = Recipe with
        {
            Training = Recipe.Training with { Schedule = Recipe.Training.Schedule with { Name = ScheduleName.Cosine } },
        };

        Assert.Contains(
            "not of tokens",
            Refusal(Options("admin") with { Tokens = 300 }, cosine),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "no rates to search among",
            Refusal(Options("admin") with { SearchTokens = 300 }, Recipe),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "training.schedule.learningRate is '30'",
            Refusal(Options("admin") with { Rates = [30] }, Recipe),
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists(_tiny.PathOf("compared")));

        string Refusal(ComparisonOptions options, Recipe recipe) =>
            Assert.Throws<UserErrorException>(() => Compare(options, recipe)).Message;
    }

    private static ComparisonOptions Options(string list) =>
        new()
        {
            Candidates = Candidate.ParseList(list, "list"),
            Seeds = [1, 2],
            Diagnoses = false,
        };

    private ComparisonResults? Compare(ComparisonOptions options, Recipe? recipe = null, string folder = "compared")
    {
        using var console = new StoppingConsole();
        return new ComparisonRun(recipe ?? Recipe, options, _tiny.PathOf(folder), console).Run(console.Stop);
    }

    private static string Timeless(ComparisonResults results) =>
        Json.Text(
            results with
            {
                Runs =
                [
                    .. results.Runs.Select(run =>
                        run with
                        {
                            MemoryMiB = null,
                            Results = run.Results with { Seconds = 0 },
                        }
                    ),
                ],
            }
        );

    /// <summary>Asks to stop when a line says that a training begins.</summary>
    private sealed class CancelAfter(CancellationTokenSource stop, string training) : IRunConsole
    {
        public List<string> Lines { get; } = [];

        public void Say(string line)
        {
            Lines.Add(line);
            if (line.StartsWith($"== {training} ", StringComparison.Ordinal))
            {
                stop.Cancel();
            }
        }

        public T Work<T>(string what, string unit, double total, Func<IProgress<WorkDone>, T> work) =>
            work(new Progress<WorkDone>());
    }
}
