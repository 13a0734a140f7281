using System.CommandLine;
using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Data.Exchange;
using TransformerClinic.Data.Exchange.Tmx;
using TransformerClinic.Decoding;
using TransformerClinic.Files;

namespace TransformerClinic.Cli.Options;

/// <summary>The translation memory that scored pairs are written to, all of them or the better ones.</summary>
internal sealed class TmxOutput
{
    private const string ScoreKind = "x-score";

    private readonly Option<string?> _file = new("--tmx")
    {
        Description = "Also writes the pairs to this file, a translation memory (TMX 1.4), each with its score.",
    };
    private readonly Option<double?> _leastScore = RangedOption.Of<double>(
        "--min-score",
        "With --tmx: leaves out pairs with a lower score.",
        double.MinValue,
        double.MaxValue
    );
    private readonly Option<double?> _best = RangedOption.Of<double>(
        "--best",
        "With --tmx: keeps this share of the pairs, the best ones: 0.8 leaves out the worst fifth.",
        0,
        1
    );

    /// <summary>The options, in the order of the help.</summary>
    public IReadOnlyList<Symbol> All => [_file, _leastScore, _best];

    /// <summary>Checks what can be checked before the work.</summary>
    /// <exception cref="UserErrorException">
    /// The file cannot be written, or a filter has no file to be written to.
    /// </exception>
    public void Check(ParseResult parsed)
    {
        if (parsed.GetValue(_file) is { } path)
        {
            OutputFile.Check(path);
        }
        else if (parsed.GetValue(_leastScore) is not null || parsed.GetValue(_best) is not null)
        {
            throw new UserErrorException(
                $"{_leastScore.Name} and {_best.Name} say which pairs go into a translation memory: name it with "
                    + $"{_file.Name}."
            );
        }
    }

    /// <summary>Checks, if a file is asked for, that it can name its languages.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="languages">The languages of the pairs.</param>
    /// <param name="options">The options that name them.</param>
    /// <exception cref="UserErrorException">One has no name, or none that the format allows.</exception>
    public void CheckLanguages(ParseResult parsed, LanguagePair languages, string options)
    {
        if (
            parsed.GetValue(_file) is null
            || (languages.Source is { } source && languages.Target is { } target && IsTag(source) && IsTag(target))
        )
        {
            return;
        }

        var found = languages is { Source: not null, Target: not null }
            ? $"'{languages.Source}' and '{languages.Target}' are not both tags of languages"
            : "the languages of the pairs are not known";
        throw new UserErrorException(
            $"{_file.Name}: a translation memory names its languages by tags such as de and en-US, and {found}. "
                + $"Name them: {options}."
        );
    }

    /// <summary>Writes the file, if one is asked for, completely or not at all.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="pairs">The pairs.</param>
    /// <param name="scores">Their scores.</param>
    /// <param name="languages">Their languages.</param>
    /// <returns>What was written, in words; null if nothing was asked for.</returns>
    /// <exception cref="UserErrorException">No pair is kept, or the file cannot be written.</exception>
    public string? Write(
        ParseResult parsed,
        IReadOnlyList<SentencePair> pairs,
        IReadOnlyList<ScoredPair> scores,
        LanguagePair languages
    )
    {
        if (parsed.GetValue(_file) is not { } path)
        {
            return null;
        }

        var filter = new PairFilter(parsed.GetValue(_leastScore), parsed.GetValue(_best));
        var kept = filter.Kept(scores);
        OutputFile.Write(
            path,
            stream =>
                TmxWriter.Write(
                    stream,
                    LanguageTag.Hyphenated(languages.Source!),
                    LanguageTag.Hyphenated(languages.Target!),
                    kept.Select(i => new TmxUnit(pairs[i], [(ScoreKind, Digits(scores[i].Score))]))
                )
        );
        return Summary(path, kept, scores);
    }

    private static string Summary(string path, IReadOnlyList<int> kept, IReadOnlyList<ScoredPair> scores)
    {
        var unscored = scores.Count(pair => pair.Forced is null);
        var below = scores.Count - unscored - kept.Count;
        return string.Create(
                CultureInfo.InvariantCulture,
                $"{path}: {kept.Count:N0} of {scores.Count:N0} pairs written, with scores from "
            )
            + $"{Digits(kept.Min(i => scores[i].Score))} to {Digits(kept.Max(i => scores[i].Score))}"
            + string.Create(
                CultureInfo.InvariantCulture,
                $"; left out: {below:N0} for their scores, {unscored:N0} without"
            );
    }

    private static bool IsTag(string language) => LanguageTag.IsWellFormed(LanguageTag.Hyphenated(language));

    private static string Digits(double score) => score.ToString("0.0000", CultureInfo.InvariantCulture);
}
