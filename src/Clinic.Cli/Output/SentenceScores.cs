using TransformerClinic.Cli.Options;
using TransformerClinic.Scoring;

namespace TransformerClinic.Cli.Output;

/// <summary>The scores of one line of one system.</summary>
/// <param name="System">The system's name.</param>
/// <param name="Number">The line's number, from 1.</param>
/// <param name="Scores">The score of each metric by its name.</param>
internal sealed record SentenceScore(string System, int Number, IReadOnlyDictionary<string, double> Scores);

/// <summary>The scores of every line.</summary>
/// <param name="Signatures">The signature of each metric by its name.</param>
/// <param name="Sentences">The lines of the first system, then those of the next.</param>
internal sealed record SentenceScores(
    IReadOnlyDictionary<string, string> Signatures,
    IReadOnlyList<SentenceScore> Sentences
)
{
    /// <summary>
    /// Scores every line of all systems by all metrics, with the usual settings for sentences.
    /// </summary>
    public static SentenceScores Of(ScoredTexts texts, IReadOnlyList<IMetric> metrics)
    {
        List<IMetric> forSentences = [.. metrics.Select(metric => metric.ForSentences)];
        var signatures = forSentences.ToDictionary(
            metric => metric.Name,
            metric => MetricSignature.Of(metric.Settings, texts.References.Count),
            StringComparer.Ordinal
        );
        return new SentenceScores(
            signatures,
            [
                .. from system in texts.Systems
                from line in Enumerable.Range(0, system.Lines.Count)
                let references = texts.References.Select(reference => reference[line]).ToList()
                let scores = forSentences.ToDictionary(
                    metric => metric.Name,
                    metric => metric.Score(metric.Count(system.Lines[line], references)),
                    StringComparer.Ordinal
                )
                select new SentenceScore(system.Name, line + 1, scores),
            ]
        );
    }
}
