using TransformerClinic.Scoring.Chrf;

namespace TransformerClinic.Scoring.Systems;

/// <summary>A sentence that two systems translate with different quality.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Source">The source.</param>
/// <param name="Reference">The reference.</param>
/// <param name="First">The first system's translation.</param>
/// <param name="Second">The second system's.</param>
/// <param name="Scores">Their scores.</param>
internal sealed record SentenceChange(
    int Line,
    string Source,
    string Reference,
    string First,
    string Second,
    ScorePair Scores
);

/// <summary>Two systems sentence by sentence, by chrF2: BLEU of a single sentence says little.</summary>
internal static class SentenceComparison
{
    private static readonly ChrfMetric Chrf = new(new ChrfOptions());

    /// <summary>The score's printed name.</summary>
    public static string Metric => Chrf.Name;

    /// <summary>Every sentence with the scores of both systems.</summary>
    public static IReadOnlyList<SentenceChange> Of(ComparedOutputs outputs) =>
        [
            .. outputs.Reference.Select(
                (reference, line) =>
                    new SentenceChange(
                        line + 1,
                        outputs.Source[line],
                        reference,
                        outputs.First[line],
                        outputs.Second[line],
                        new ScorePair(
                            Metric,
                            Score(outputs.First[line], reference),
                            Score(outputs.Second[line], reference)
                        )
                    )
            ),
        ];

    private static double Score(string hypothesis, string reference) => Chrf.Score(Chrf.Count(hypothesis, [reference]));
}
