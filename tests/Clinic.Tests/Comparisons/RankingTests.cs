using TransformerClinic.Comparisons;
using TransformerClinic.Comparisons.Presentation;
using TransformerClinic.Comparisons.Statistics;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Residuals;

namespace TransformerClinic.Tests.Comparisons;

public class RankingTests
{
    private static readonly ComparedRun[] Runs =
    [
        MadeUpRun.Of(ResidualVariant.PostLn, 6.2, RunOutcome.Stuck, seed: 1),
        MadeUpRun.Of(ResidualVariant.PostLn, 6.3, RunOutcome.Stuck, seed: 2),
        MadeUpRun.Of(ResidualVariant.PreLn, 2.14, seed: 1),
        MadeUpRun.Of(ResidualVariant.PreLn, 2.17, seed: 2),
        MadeUpRun.Of(ResidualVariant.Admin, 1.87, seed: 1),
        MadeUpRun.Of(ResidualVariant.Admin, 1.90, seed: 2),
        MadeUpRun.Of(ResidualVariant.Keel, 1.50, seed: 1),
        MadeUpRun.Of(ResidualVariant.Keel, null, RunOutcome.Diverged, seed: 2),
        MadeUpRun.Of(ResidualVariant.B2t, 1.88, seed: 1, seconds: 50, memory: 300),
        MadeUpRun.Of(ResidualVariant.B2t, 1.93, seed: 2, seconds: 60, memory: 310),
    ];

    private static IReadOnlyList<RankedCandidate> Ranked(params ComparedRun[] runs) =>
        Ranking.Of(MadeUpRun.Comparison(runs));

    [Fact]
    public void Those_that_always_train_come_first_and_those_that_never_do_last()
    {
        var ranking = Ranked(Runs);

        Assert.Equal(["admin", "b2t", "pre-ln", "keel", "post-ln"], ranking.Select(one => one.Candidate.Key));
        Assert.Equal([1, 2, 3, 4, null], ranking.Select(one => one.Rank));
        Assert.Equal([0, 0, 0, 1, 2], ranking.Select(one => one.Failed));
    }

    [Fact]
    public void Differences_from_the_best_are_tested_and_corrected()
    {
        var ranking = Ranked(Runs);
        double[] best = [1.87, 1.90];
        var (b2t, preLn) = (WelchTest.Of(best, [1.88, 1.93])!, WelchTest.Of(best, [2.14, 2.17])!);

        Assert.Null(ranking[0].BehindBest);
        Assert.Equal(b2t, ranking[1].BehindBest);
        Assert.Equal(preLn, ranking[2].BehindBest);
        Assert.Null(ranking[3].BehindBest); // a single value
        Assert.Equal(
            HolmCorrection.Adjust([b2t.P, preLn.P]),
            [ranking[1].AdjustedP!.Value, ranking[2].AdjustedP!.Value]
        );
        Assert.False(ranking[1].IsBehind);
        Assert.True(ranking[2].IsBehind);
    }

    [Fact]
    public void Cost_is_the_median_time_and_the_largest_memory()
    {
        var b2t = Ranked(Runs)[1];

        Assert.Equal(0.055, b2t.SecondsPerUpdate!.Value, 1e-12);
        Assert.Equal(310, b2t.MemoryMiB);
    }

    [Fact]
    public void What_to_choose_follows_from_the_numbers()
    {
        var choices = Choice.Of(Ranked(Runs));

        Assert.Equal(
            [
                ("lowest validation loss at this budget", "Admin"),
                ("same loss in less time", "B2T"),
                ("same loss with less memory", "B2T"),
                ("to be avoided at this depth and budget", "Keel, Post-LN"),
            ],
            choices.Select(choice => (choice.Purpose, choice.Names))
        );
        Assert.Contains("Not distinguishable from it: B2T.", choices[0].Why, StringComparison.Ordinal);
        Assert.Contains("Post-LN failed in 2 of 2 runs", choices[^1].Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_trained_nothing_is_chosen()
    {
        Assert.Empty(Choice.Of(Ranked(Runs[0], Runs[1])));
        Assert.Empty(Choice.Of([]));
        Assert.All(Ranked(Runs[0], Runs[1]), one => Assert.Null(one.Rank));
    }

    [Fact]
    public void The_best_rate_is_that_of_the_lowest_loss_and_an_end_of_the_grid_is_told()
    {
        ComparedRun[] search =
        [
            MadeUpRun.Of(ResidualVariant.Admin, 3.0, RunOutcome.Stuck, rate: 1e-3),
            MadeUpRun.Of(ResidualVariant.Admin, 3.0, rate: 2e-3),
            MadeUpRun.Of(ResidualVariant.Admin, 2.0, RunOutcome.Diverged, rate: 3e-3),
            MadeUpRun.Of(ResidualVariant.Admin, null, RunOutcome.Diverged, rate: 4e-3),
        ];

        Assert.Equal(1e-3, ComparisonPlan.Best(search)); // of equal ones the lower; stuck may only be short
        Assert.Null(ComparisonPlan.Best(search[2..]));
        var one = Ranking.Of(
            search.Select(run => run.Candidate).Take(1).ToList(),
            search,
            [MadeUpRun.Of(ResidualVariant.Admin, 1, rate: 1e-3)]
        )[0];
        Assert.True(one.IsAtEdge);
        Assert.False(one.IsSearchTooShort);
        Assert.True((one with { Search = [search[0], search[3]] }).IsSearchTooShort);
        Assert.Equal(2e-3, one.HighestTolerated);
    }
}
