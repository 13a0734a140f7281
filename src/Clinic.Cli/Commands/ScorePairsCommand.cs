using System.CommandLine;
using System.Globalization;
using TransformerClinic.Data;
using TransformerClinic.Decoding;
using TransformerClinic.Files;
using TransformerClinic.Text;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic score-pairs</c></summary>
internal static class ScorePairsCommand
{
    private sealed record Piece(string Text, float LogProbability);

    private sealed record Pair(string Source, string Target, double? Score, double? LogProbability, IReadOnlyList<Piece> Subwords, string? Problem);

    public static Command Create()
    {
        var arguments = new PairArguments();
        var tokens = new Option<bool>("--tokens") { Description = "A column with the log-probability of each subword, the end mark last." };
        var json = Shared.Json();
        var command = new Verb(
            "score-pairs",
            "Says how probable given translations are to a model: columns with the score as a search's, the log-probability in nats, and the number of subwords.",
            "clinic score-pairs --model runs/quickstart --pairs test.tsv > scores.tsv",
            "clinic score-pairs --model runs/quickstart --pairs test.de,test.en --tokens",
            "clinic score-pairs --model runs/a --model runs/b --pairs test.tsv --json");
        arguments.AddTo(command);
        command.Add(tokens);
        command.Add(json);
        command.SetAction(parsed => Failures.Guard(
            () => arguments.Score(parsed, (ensemble, pairs, scored) => Console.Out.Write(parsed.GetValue(json)
                ? Json.Text(pairs.Zip(scored, (pair, score) => Whole(pair, score, ensemble.Subwords)).ToList())
                : string.Concat(scored.Select(score => Row(score, parsed.GetValue(tokens)))))),
            Console.Error));
        return command;
    }

    private static string Row(ScoredPair pair, bool tokens)
    {
        if (pair.Forced is not { } forced)
        {
            return tokens ? "\t\t\t\n" : "\t\t\n";
        }

        var ofTokens = tokens ? "\t" + string.Join(' ', forced.TokenLogProbabilities.Select(value => Digits(value))) : "";
        return FormattableString.Invariant($"{Digits(pair.Score)}\t{Digits(forced.LogProbability)}\t{pair.Target.Length}{ofTokens}\n");
    }

    private static Pair Whole(SentencePair pair, ScoredPair score, SubwordModel subwords) => new(
        pair.Source,
        pair.Target,
        score.Forced is null ? null : score.Score,
        score.Forced?.LogProbability,
        score.Forced is { } forced ? [.. score.Target.Zip(forced.TokenLogProbabilities, (id, value) => new Piece(subwords.Vocabulary[id], value))] : [],
        score.Problem);

    private static string Digits(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
