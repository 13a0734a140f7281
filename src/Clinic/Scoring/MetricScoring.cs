using TransformerClinic.Common;

namespace TransformerClinic.Scoring;

/// <summary>Scores of corpora and sentences by any metric.</summary>
public static class MetricScoring
{
    /// <summary>The score of a corpus with one or several references, each as long as the corpus.</summary>
    /// <exception cref="UserErrorException">There are no lines, no references, or different numbers of
    /// lines.</exception>
    public static MetricScore Corpus(
        this IMetric metric,
        IReadOnlyList<string> hypotheses,
        params IReadOnlyList<IReadOnlyList<string>> references
    ) =>
        new(
            metric.Name,
            metric.Score(Sum(CountLines(metric, hypotheses, references))),
            MetricSignature.Of(metric.Settings, references.Count)
        );

    /// <summary>The score of one sentence, with the usual settings for sentences.</summary>
    /// <exception cref="UserErrorException">There is no reference.</exception>
    public static MetricScore Sentence(
        this IMetric metric,
        string hypothesis,
        params IReadOnlyList<string> references
    ) => metric.ForSentences.Corpus([hypothesis], [.. references.Select(reference => new[] { reference })]);

    /// <summary>The counts of every line of a corpus.</summary>
    /// <exception cref="UserErrorException">As for <see cref="Corpus"/>.</exception>
    public static double[][] CountLines(
        this IMetric metric,
        IReadOnlyList<string> hypotheses,
        IReadOnlyList<IReadOnlyList<string>> references
    )
    {
        CorpusLines.Check(hypotheses, references);
        return
        [
            .. hypotheses.Select(
                (hypothesis, line) => metric.Count(hypothesis, [.. references.Select(reference => reference[line])])
            ),
        ];
    }

    /// <summary>The counts of a corpus.</summary>
    internal static double[] Sum(IReadOnlyList<double[]> lines)
    {
        var sum = new double[lines[0].Length];
        foreach (var counts in lines)
        {
            Add(sum, counts);
        }

        return sum;
    }

    internal static void Add(double[] sum, double[] counts)
    {
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] += counts[i];
        }
    }
}

/// <summary>A score with what it depends on.</summary>
/// <param name="Name">Its printed name.</param>
/// <param name="Score">The score, not rounded.</param>
/// <param name="Signature">What it depends on, in sacreBLEU's notation; the version names this software.</param>
public sealed record MetricScore(string Name, double Score, string Signature)
{
    /// <summary>The score on one line, as sacreBLEU prints it.</summary>
    public override string ToString() => $"{Name} = {FixedDecimals.Of(Score, 2)}";
}
