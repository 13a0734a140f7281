using TransformerClinic.Common;
using TransformerClinic.Scoring.Bleu;
using TransformerClinic.Scoring.Chrf;
using TransformerClinic.Scoring.Ter;
using TransformerClinic.Scoring.TokenizedBleu;

namespace TransformerClinic.Scoring;

/// <summary>Metrics by the names that users type.</summary>
internal static class MetricSelection
{
    /// <summary>All names.</summary>
    public const string Names = $"bleu, chrf, chrf++, ter, {Tokenized}";

    private const string Tokenized = "tokenized-bleu";

    /// <summary>The earlier name of <see cref="Tokenized"/>, still accepted.</summary>
    private const string BritishTokenized = "tokenised-bleu";

    /// <summary>The metrics in a list of names separated by commas.</summary>
    /// <param name="list">The names, such as <c>bleu,chrf++</c>.</param>
    /// <param name="tokenization">How BLEU splits sentences into tokens.</param>
    /// <param name="lowerCase">Whether upper and lower case are the same; they always are in TER.</param>
    /// <exception cref="UserErrorException">A name is unknown or occurs twice, or there is none.</exception>
    public static IReadOnlyList<IMetric> Parse(
        string list,
        BleuTokenization tokenization = BleuTokenization.Mteval13a,
        bool lowerCase = false
    )
    {
        var names = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(name => name == BritishTokenized ? Tokenized : name)
            .ToList();
        if (names.Count == 0)
        {
            throw new UserErrorException($"No score was requested. The scores are {Names}.");
        }

        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new UserErrorException($"The score '{twice.Key}' was requested twice.");
        }

        return
        [
            .. names.Select(
                IMetric (name) =>
                    name switch
                    {
                        "bleu" => new BleuMetric(
                            new BleuOptions { Tokenization = tokenization, LowerCase = lowerCase }
                        ),
                        "chrf" => new ChrfMetric(new ChrfOptions { LowerCase = lowerCase }),
                        "chrf++" => new ChrfMetric(ChrfOptions.PlusPlus with { LowerCase = lowerCase }),
                        "ter" => new TerMetric(),
                        Tokenized => new TokenizedBleuMetric(new TokenizedBleuOptions { LowerCase = lowerCase }),
                        _ => throw Unknown(name),
                    }
            ),
        ];
    }

    private static UserErrorException Unknown(string name)
    {
        var nearest = Spelling.Nearest(name, Names.Split(", ")) is { } word ? $" Did you mean {word}?" : "";
        return new UserErrorException($"There is no score '{name}'. The scores are {Names}.{nearest}");
    }
}
