using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace TransformerClinic.Cli.Tests.Commands;

/// <summary><c>clinic score-pairs</c> and <c>clinic evaluate</c> as a user calls them.</summary>
[Trait("Speed", "Slow")]
public sealed partial class ScorePairsCommandTests(TrainedTinyRun tiny)
{
    [Fact]
    public void Forced_scoring_of_a_searchs_output_gives_the_searchs_score()
    {
        string[] sources = [.. File.ReadLines(tiny.PathOf("test.tsv")).Select(line => line.Split('\t')[0])];
        using var searched = JsonDocument.Parse(
            Clinic(string.Join('\n', sources), "translate", "--model", tiny.Run, "--scores", "--json")
        );
        var found = searched.RootElement.EnumerateArray().Select(line => line.GetProperty("alternatives")[0]).ToList();
        var pairs = Write(
            "found.tsv",
            string.Concat(
                sources.Zip(found, (source, best) => $"{source}\t{best.GetProperty("translation").GetString()}\n")
            )
        );
        using var forced = JsonDocument.Parse(
            Clinic("", "score-pairs", "--model", tiny.Run, "--pairs", pairs, "--json")
        );

        // The text may be split into other subwords than those the search assembled it from.
        var same = found
            .Zip(forced.RootElement.EnumerateArray())
            .Where(pair => Texts(pair.First).SequenceEqual(Texts(pair.Second)))
            .ToList();
        Assert.NotEmpty(same);
        foreach (var (search, pair) in same)
        {
            Assert.Equal(search.GetProperty("score").GetDouble(), pair.GetProperty("score").GetDouble(), 1e-4);
            Assert.All(
                LogProbabilities(search).Zip(LogProbabilities(pair)),
                token => Assert.Equal(token.First, token.Second, 1e-3)
            );
        }
    }

    [Fact]
    public void Columns_are_score_log_probability_and_subwords()
    {
        var rows = Clinic("", "score-pairs", "--model", tiny.Run, "--pairs", tiny.PathOf("test.tsv"), "--tokens")
            .Split('\n')[..^1]
            .Select(line => line.Split('\t'))
            .ToList();

        Assert.Equal(10, rows.Count);
        foreach (var row in rows)
        {
            var tokens = row[3].Split(' ').Select(Number).ToList();
            Assert.Equal(tokens.Count, Number(row[2]));
            Assert.Equal(tokens.Sum(), Number(row[1]), 2e-3);
            Assert.Equal(Number(row[1]) / tokens.Count, Number(row[0]), 1e-4);
        }
    }

    [Fact]
    public void Perplexity_is_that_of_the_pairs_log_probabilities()
    {
        using var pairs = JsonDocument.Parse(
            Clinic("", "score-pairs", "--model", tiny.Run, "--pairs", tiny.PathOf("test.tsv"), "--json")
        );
        using var evaluation = JsonDocument.Parse(
            Clinic(
                "",
                "evaluate",
                "--model",
                tiny.Run,
                "--pairs",
                tiny.PathOf("test.tsv"),
                "--json",
                "--tokens-per-batch",
                "20"
            )
        );
        var all = pairs.RootElement.EnumerateArray().ToList();
        var tokens = all.Sum(pair => pair.GetProperty("subwords").GetArrayLength());
        var nll = -all.Sum(pair => pair.GetProperty("logProbability").GetDouble()) / tokens;
        var root = evaluation.RootElement;

        Assert.Equal(
            (all.Count, 0, tokens),
            (
                root.GetProperty("pairs").GetInt32(),
                root.GetProperty("leftOut").GetInt32(),
                root.GetProperty("tokens").GetInt32()
            )
        );
        Assert.Equal(nll, root.GetProperty("nll").GetDouble(), 1e-4);
        Assert.Equal(Math.Exp(nll), root.GetProperty("perplexity").GetDouble(), 1e-2);
        Assert.InRange(root.GetProperty("accuracy").GetDouble(), 0.05, 1);

        // The validation of training measures the same.
        var valid = Clinic("", "evaluate", "--model", tiny.Run, "--pairs", tiny.PathOf("valid.tsv"));
        using var results = JsonDocument.Parse(File.ReadAllText(Path.Combine(tiny.Run, "results.json")));
        Assert.Equal(
            results.RootElement.GetProperty("validationPerplexity").GetDouble(),
            Number(Perplexity().Match(valid).Groups[1].Value),
            0.01
        );
    }

    [Fact]
    public void Pairs_that_cannot_be_scored_are_reported()
    {
        var pairs = Write(
            "odd.tsv",
            $"\tone .\neins .\t\neins .\t{string.Concat(Enumerable.Repeat("one ", 2000))}\neins .\tone .\n"
        );
        var result = ClinicProcess.Run("score-pairs", "--model", tiny.Run, "--pairs", pairs);

        Assert.True(result.ExitCode == 0, result.Error);
        var rows = result.Output.Split('\n')[..^1];
        Assert.Equal((4, "\t\t", "1", "\t\t"), (rows.Length, rows[0], rows[1].Split('\t')[2], rows[2]));
        Assert.Contains("pair 1: The source is empty.", result.Error, StringComparison.Ordinal);
        Assert.Contains("pair 3: A side has", result.Error, StringComparison.Ordinal);
        var none = InProcess.Run("evaluate", "--model", tiny.Run, "--pairs", Write("none.tsv", "\tone .\n"));
        Assert.Equal((2, ""), (none.ExitCode, none.Output));
        Assert.Contains("no pair that could be scored", none.Error, StringComparison.Ordinal);
    }

    private static string Clinic(string input, params string[] arguments)
    {
        var result = ClinicProcess.Run(input, arguments);
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output;
    }

    private static IEnumerable<string> Texts(JsonElement scored) =>
        scored.GetProperty("subwords").EnumerateArray().Select(subword => subword.GetProperty("text").GetString()!);

    private static IEnumerable<double> LogProbabilities(JsonElement scored) =>
        scored
            .GetProperty("subwords")
            .EnumerateArray()
            .Select(subword => subword.GetProperty("logProbability").GetDouble());

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private string Write(string name, string text)
    {
        File.WriteAllText(tiny.PathOf(name), text);
        return tiny.PathOf(name);
    }

    [GeneratedRegex(@"perplexity +(\S+)")]
    private static partial Regex Perplexity();
}
