using TransformerClinic.Cli.Options;
using TransformerClinic.Scoring;
using TransformerClinic.Scoring.Bleu;
using TransformerClinic.Scoring.Significance;

namespace TransformerClinic.Cli.Output;

/// <summary>The scores of one system.</summary>
/// <param name="System">Its name.</param>
/// <param name="Scores">A score of each metric.</param>
internal sealed record SystemScores(string System, IReadOnlyList<SystemScore> Scores);

/// <summary>Scores of corpora.</summary>
/// <param name="Systems">The scores of each system, the baseline first.</param>
/// <param name="Json">
/// The content of the JSON: all scores; for BLEU of one system also its components, as the field expects.
/// </param>
internal sealed record CorpusScores(IReadOnlyList<SystemScores> Systems, object Json)
{
    private sealed record OneBleu(
        double Bleu,
        string Signature,
        double[] Precisions,
        double BrevityPenalty,
        long HypothesisLength,
        long ReferenceLength
    );

    private sealed record AllScores(int Lines, int References, IReadOnlyList<SystemScores> Systems);

    /// <summary>Scores all systems by all metrics.</summary>
    public static CorpusScores Of(ScoredTexts texts, IReadOnlyList<IMetric> metrics, SignificanceOptions? test)
    {
        if (test is null && texts.Systems is [var only] && metrics is [BleuMetric metric])
        {
            return Of(only.Name, metric.CorpusScore(only.Lines, texts.References), metric.Name);
        }

        var byMetric = metrics.Select(metric => Of(texts, metric, test)).ToList();
        List<SystemScores> systems =
        [
            .. texts.Systems.Select(
                (system, i) => new SystemScores(system.Name, [.. byMetric.Select(scores => scores[i])])
            ),
        ];
        return new CorpusScores(systems, new AllScores(texts.Systems[0].Lines.Count, texts.References.Count, systems));
    }

    private static CorpusScores Of(string system, BleuScore bleu, string metric) =>
        new(
            [new SystemScores(system, [new SystemScore(metric, bleu.Score, bleu.Signature)])],
            new OneBleu(
                bleu.Score,
                bleu.Signature,
                bleu.Precisions,
                bleu.BrevityPenalty,
                bleu.HypothesisLength,
                bleu.ReferenceLength
            )
        );

    private static IReadOnlyList<SystemScore> Of(ScoredTexts texts, IMetric metric, SignificanceOptions? test)
    {
        if (test is not null)
        {
            var systems = texts.Systems.Select(system => system.Lines);
            return PairedTest.Run(metric, [.. systems], texts.References, test);
        }

        var scores = texts.Systems.Select(system => metric.Corpus(system.Lines, [.. texts.References]));
        return [.. scores.Select(score => new SystemScore(score.Name, score.Score, score.Signature))];
    }
}
