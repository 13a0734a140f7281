using System.Globalization;
using Spectre.Console;
using TransformerClinic.Common;
using TransformerClinic.Comparisons;
using TransformerClinic.Comparisons.Presentation;

namespace TransformerClinic.Cli.Output;

/// <summary>A comparison as tables on standard output: the ranking, and every run.</summary>
internal static class ComparisonTable
{
    public static void Write(ComparisonResults results, string folder)
    {
        var console = SpectreConsole.OnStandardOutput();
        var ranking = Ranking.Of(results);
        console.Write(RankingOf(ranking));
        console.Write(RunsOf(results));
        foreach (var choice in Choice.Of(ranking))
        {
            console.WriteLine(choice.Words);
        }

        console.WriteLine($"page: {Path.Combine(folder, ComparisonFolder.PageName)}");
    }

    private static Table RankingOf(IReadOnlyList<RankedCandidate> ranking)
    {
        var table = new Table().AddColumns(
            "variant",
            "learning rate",
            "validation nll",
            "95 %",
            "behind the best",
            "p",
            "BLEU",
            "failed",
            "s per update",
            "MiB"
        );
        foreach (var one in ranking)
        {
            table.AddRow(
                one.Candidate.Key,
                one.LearningRate is { } rate ? OptionKey.Format(rate) : "-",
                Number(one.Nll?.Mean, "0.000"),
                Number(one.Nll?.HalfWidth, "0.000"),
                Number(one.BehindBest?.Difference, "0.000"),
                Number(one.AdjustedP, "0.0000"),
                Number(one.Bleu?.Mean, "0.00"),
                $"{one.Failed} of {one.Tried.Count}",
                Number(one.SecondsPerUpdate, "0.000"),
                Number(one.MemoryMiB, "0")
            );
        }

        return table;
    }

    private static Table RunsOf(ComparisonResults results)
    {
        var table = new Table().AddColumns(
            "variant",
            "seed",
            "validation loss",
            "perplexity",
            "BLEU",
            "updates",
            "seconds",
            "outcome"
        );
        foreach (var run in results.Runs)
        {
            table.AddRow(
                run.Candidate.Key,
                run.Seed.ToString(CultureInfo.InvariantCulture),
                Number(run.Results.ValidationLoss, "0.000"),
                Number(run.Results.ValidationPerplexity, "0.0"),
                Number(run.Results.Bleu, "0.00"),
                Number(run.Results.Updates, "0"),
                Number(run.Results.Seconds, "0"),
                Markup.Escape(run.Results.Outcome.ToString())
            );
        }

        return table;
    }

    private static string Number(double? value, string format) =>
        value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
