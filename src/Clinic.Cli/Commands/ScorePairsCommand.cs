using System.CommandLine;
using System.Globalization;
using TransformerClinic.Cli.Options;
using TransformerClinic.Data;
using TransformerClinic.Decoding;
using TransformerClinic.Text;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic score-pairs</c></summary>
internal sealed class ScorePairsCommand : PairVerb
{
    private readonly Option<bool> _tokens = new("--tokens")
    {
        Description = "Adds a column with the log-probability of each subword, the end mark last.",
    };

    private readonly TmxOutput _tmx = new();

    private sealed record Piece(string Text, float LogProbability);

    private sealed record Pair(
        string Source,
        string Target,
        double? Score,
        double? LogProbability,
        IReadOnlyList<Piece> Subwords,
        string? Problem
    );

    public ScorePairsCommand()
        : base(
            "score-pairs",
            "Says how probable given translations are according to a model: columns with the score as a search "
                + "computes it, the log-probability in nats, and the number of subwords.",
            "clinic score-pairs --model runs/quickstart --pairs test.tsv > scores.tsv",
            "clinic score-pairs --model runs/quickstart --pairs test.de,test.en --tokens",
            "clinic score-pairs --model runs/a --model runs/b --pairs test.tsv --json",
            "clinic score-pairs --model runs/quickstart --pairs memory.tmx --tmx best.tmx --best 0.8 > scores.tsv"
        ) => Accept([_tokens, .. _tmx.All]);

    /// <inheritdoc/>
    protected override int Run(ParseResult parsed)
    {
        _tmx.Check(parsed);
        var scored = Score(parsed, languages => _tmx.CheckLanguages(parsed, languages, LanguageNames));
        if (_tmx.Write(parsed, scored.Pairs, scored.Scores, scored.Languages) is { } written)
        {
            Say(written);
        }

        var pairs = scored.Pairs.Zip(scored.Scores, (pair, score) => Whole(pair, score, scored.Subwords)).ToList();
        var tokens = parsed.GetValue(_tokens);
        Print(parsed, pairs, _ => string.Concat(scored.Scores.Select(score => Row(score, tokens))));
        return ExitCode.Done;
    }

    private static string Row(ScoredPair pair, bool tokens)
    {
        if (pair.Forced is not { } forced)
        {
            return tokens ? "\t\t\t\n" : "\t\t\n";
        }

        var ofTokens = tokens ? "\t" + string.Join(' ', forced.TokenLogProbabilities.Select(Digits)) : "";
        return FormattableString.Invariant(
            $"{Digits(pair.Score)}\t{Digits(forced.LogProbability)}\t{pair.Target.Length}{ofTokens}\n"
        );
    }

    private static Pair Whole(SentencePair pair, ScoredPair score, SubwordModel subwords) =>
        new(
            pair.Source,
            pair.Target,
            score.Forced is null ? null : score.Score,
            score.Forced?.LogProbability,
            score.Forced is { } forced ? Pieces(score.Target, forced, subwords) : [],
            score.Problem
        );

    private static IReadOnlyList<Piece> Pieces(int[] target, ForcedScore forced, SubwordModel subwords) =>
        [.. target.Zip(forced.TokenLogProbabilities, (id, value) => new Piece(subwords.Vocabulary[id], value))];

    private static string Digits(float value) => Digits((double)value);

    private static string Digits(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
