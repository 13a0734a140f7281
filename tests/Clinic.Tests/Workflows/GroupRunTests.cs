using TransformerClinic.Common;
using TransformerClinic.Recipes;
using TransformerClinic.Runs;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Training;
using TransformerClinic.Workflows;

namespace TransformerClinic.Tests.Workflows;

/// <summary>
/// Whole runs of several processes: how many there are, and how many threads each has, changes no bit of what a run
/// leaves behind.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class GroupRunTests : IDisposable
{
    private readonly TinyRecipe _tiny = new();

    private Recipe Recipe =>
        _tiny.Recipe with
        {
            Threads = 1,
            Data = _tiny.Recipe.Data with { Test = _tiny.Recipe.Data.Valid },
            Training = _tiny.Recipe.Training with { Parts = 4, StatisticsEvery = 4, Ema = 0.5 },
        };

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void Processes_times_threads_do_not_matter_and_the_first_says_who_trains()
    {
        var recipe = Recipe with { Training = Recipe.Training with { Parts = 0 } };
        var (alone, _) = _tiny.Run(recipe with { Threads = 4 }, "alone");
        foreach (var (processes, threads) in new[] { (2, 2), (4, 1) })
        {
            var name = $"of-{processes}";
            var all = Run(processes, recipe with { Threads = threads }, name);
            Assert.Null(RunFingerprint.Difference(alone, RunFingerprint.Of(_tiny.PathOf(name))));
            Assert.All(all, one => Assert.Equal(TinyRecipe.Updates, one.Results!.Updates));
            Assert.All(all.Skip(1), one => Assert.Empty(one.Said));
            Assert.Contains(
                processes == 2
                    ? "2 processes on 1 machine (threads): node1; 8 pieces an update, 4 each; optimizer state half each"
                    : "4 processes on 2 machines (threads): node1 node2; 8 pieces an update, 2 each; optimizer state a "
                        + "quarter each",
                all[0].Said
            );
            Assert.Contains(all[0].Said, line => line.Contains(" % exchanging", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_run_continues_on_any_number_of_processes()
    {
        var (whole, _) = _tiny.Run(Recipe with { Threads = 4 }, "whole");
        using (var stopping = new StoppingConsole(3))
        {
            Assert.Null(new TrainingRun(Recipe with { Threads = 4 }, _tiny.PathOf("cut"), stopping).Run(stopping.Stop));
        }

        var second = Run(2, Recipe with { Threads = 2 }, "cut", stopAfter: 7, stopped: 1);
        Assert.All(second, one => Assert.Null(one.Results));
        Assert.Contains("stopped after update 8; run the same command again to resume.", second[0].Said);
        var third = Run(3, Recipe, "cut", stopAfter: 10, stopped: 0);
        Assert.All(third, one => Assert.Null(one.Results));
        Assert.Contains(
            "3 processes share 8 pieces unevenly: 1.3 times the traffic; 2, 4 or 8 would not.",
            third[0].Said
        );
        var (resumed, said) = _tiny.Run(Recipe, "cut");
        Assert.DoesNotContain(said, line => line.Contains("bits", StringComparison.Ordinal));
        Assert.Null(RunFingerprint.Difference(whole, resumed));
    }

    [Fact]
    public void Training_from_a_model_needs_it_only_in_the_first_process()
    {
        _tiny.Run(Recipe, "base");
        var recipe = Recipe with { Training = Recipe.Training with { From = _tiny.PathOf("base") } };
        var (alone, _) = _tiny.Run(recipe, "alone");
        Run(
            2,
            recipe,
            "together",
            of: (rank, own) =>
                rank == 0 ? own : own with { Training = own.Training with { From = _tiny.PathOf("nowhere") } }
        );
        Assert.Null(RunFingerprint.Difference(alone, RunFingerprint.Of(_tiny.PathOf("together"))));
    }

    [Fact]
    public void The_first_ones_clock_ends_the_training_of_all()
    {
        var recipe = Recipe with { Training = Recipe.Training with { MaxMinutes = 1e-6 } };
        Assert.All(
            Run(3, recipe, "run"),
            one => Assert.Equal((TrainingEnd.TimeLimit, 1), (one.Results!.End, one.Results.Updates))
        );
    }

    [Fact]
    public void Strangers_are_refused_by_all_with_rank_and_machine()
    {
        var other = _tiny.PathOf("other.tsv");
        NumberWords.Write(other, lines: 25, longest: 5);
        Assert.Matches(
            "^rank 2 on node2 has another recipe \\([0-9a-f]{4}\\.\\.\\., rank 0 has [0-9a-f]{4}\\.\\.\\.\\)",
            Refusal((rank, own) => rank == 2 ? own with { Training = own.Training with { MaxUpdates = 20 } } : own)
        );
        Assert.Matches(
            "^rank 1 on node1 has other training data \\([0-9a-f]{4}\\.\\.\\., rank 0 has [0-9a-f]{4}\\.\\.\\.\\)",
            Refusal((rank, own) => rank == 1 ? own with { Data = own.Data with { Train = new(other) } } : own)
        );
        Assert.Matches(
            "^rank 1 on node1: .*nowhere\\.tsv",
            Refusal(
                (rank, own) =>
                    rank == 1 ? own with { Data = own.Data with { Valid = new(_tiny.PathOf("nowhere.tsv")) } } : own
            )
        );
    }

    [Fact]
    public void What_the_first_process_refuses_all_refuse()
    {
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(_tiny.PathOf("taken")).FullName, "mine.txt"), "");
        Assert.Contains("holds other files (mine.txt", Refusal((_, own) => own, "taken"), StringComparison.Ordinal);

        _tiny.Run(Recipe, "damaged");
        foreach (
            var state in Directory.EnumerateFiles(_tiny.PathOf("damaged"), "state.json", SearchOption.AllDirectories)
        )
        {
            File.AppendAllText(state, " ");
        }

        Assert.Contains("checkpoints is whole", Refusal((_, own) => own, "damaged"), StringComparison.Ordinal);
    }

    /// <summary>What all processes say as they refuse a run.</summary>
    private string Refusal(Func<int, Recipe, Recipe> of, string name = "refused")
    {
        var words = ThreadGroup.Run(
            3,
            group =>
                Assert
                    .Throws<UserErrorException>(() =>
                        new TrainingRun(of(group.Rank, Recipe), _tiny.PathOf(name), new QuietConsole(), group).Run(
                            CancellationToken.None
                        )
                    )
                    .Message
        );
        return Assert.Single(words.Distinct());
    }

    /// <summary>Runs a recipe in several processes, of which only the first can write to the run folder.</summary>
    private (RunResults? Results, IReadOnlyList<string> Said)[] Run(
        int processes,
        Recipe recipe,
        string name,
        long stopAfter = long.MaxValue,
        int stopped = 0,
        Func<int, Recipe, Recipe>? of = null
    )
    {
        using var stopping = new StoppingConsole(stopAfter);
        return ThreadGroup.Run(
            processes,
            group =>
            {
                using var own = new StoppingConsole();
                var console = group.IsFirst ? stopping : own;
                var path = group.IsFirst ? _tiny.PathOf(name) : Path.Combine(_tiny.PathOf("valid.tsv"), "no-folder");
                var stop = group.Rank == stopped ? stopping.Stop : CancellationToken.None;
                var results = new TrainingRun(of?.Invoke(group.Rank, recipe) ?? recipe, path, console, group).Run(stop);
                return (results, (IReadOnlyList<string>)console.Lines);
            }
        );
    }
}
