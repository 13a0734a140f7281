using TransformerClinic.Common;
using TransformerClinic.Scoring.Bleu;
using TransformerClinic.Scoring.Chrf;
using TransformerClinic.Scoring.Ter;
using TransformerClinic.Scoring.TokenizedBleu;

namespace TransformerClinic.Scoring;

/// <summary>Metrics by the names that a user gives them.</summary>
public static class MetricSelection
{
    /// <summary>All names.</summary>
    public const string Names = "bleu, chrf, chrf++, ter, tokenised-bleu";

    /// <summary>The metrics of a list with commas between names.</summary>
    /// <param name="list">The names, such as <c>bleu,chrf++</c>.</param>
    /// <param name="tokenization">How BLEU cuts sentences into tokens.</param>
    /// <param name="lowerCase">Whether upper and lower case are the same; they always are in TER.</param>
    /// <exception cref="UserErrorException">A name is unknown or comes twice, or there is none.</exception>
    public static IReadOnlyList<IMetric> Parse(
        string list,
        BleuTokenization tokenization = BleuTokenization.Mteval13a,
        bool lowerCase = false
    )
    {
        var names = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0)
        {
            throw new UserErrorException($"No score is asked for. There are {Names}.");
        }

        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new UserErrorException($"The score '{twice.Key}' is asked for twice.");
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
                        "tokenised-bleu" => new TokenizedBleuMetric(new TokenizedBleuOptions { LowerCase = lowerCase }),
                        _ => throw new UserErrorException($"There is no score '{name}'. There are {Names}."),
                    }
            ),
        ];
    }
}
