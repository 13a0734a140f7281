using TransformerClinic.Common;
using TransformerClinic.Scoring.Significance;

namespace TransformerClinic.Scoring.Systems;

/// <summary>The translations of one text by two systems.</summary>
/// <param name="FirstName">The first system's name.</param>
/// <param name="First">Its lines.</param>
/// <param name="SecondName">The second system's name.</param>
/// <param name="Second">Its lines.</param>
/// <param name="Reference">The lines of the reference.</param>
/// <param name="Source">The lines of the source.</param>
internal sealed record ComparedOutputs(
    string FirstName,
    IReadOnlyList<string> First,
    string SecondName,
    IReadOnlyList<string> Second,
    IReadOnlyList<string> Reference,
    IReadOnlyList<string> Source
);

/// <summary>
/// Where two systems differ: in total, by sentence length, by word frequency, and sentence by sentence.
/// </summary>
/// <param name="First">The first system's name.</param>
/// <param name="Second">The second system's name.</param>
/// <param name="Lines">How many lines there are.</param>
/// <param name="FirstScores">The first system's scores, with confidence intervals.</param>
/// <param name="SecondScores">The second system's, with p.</param>
/// <param name="SentenceMetric">The metric for single sentences.</param>
/// <param name="Better">Sentences that the second system translates better than the first.</param>
/// <param name="Worse">Sentences that it translates worse.</param>
/// <param name="Identical">Sentences with identical translations.</param>
/// <param name="ByLength">By the source's number of words.</param>
/// <param name="ByFrequency">By how often a word occurs.</param>
/// <param name="Gains">
/// The sentences that gain most from the first system to the second, largest gain first.
/// </param>
/// <param name="Losses">The sentences that lose most.</param>
internal sealed record OutputComparison(
    string First,
    string Second,
    int Lines,
    IReadOnlyList<SystemScore> FirstScores,
    IReadOnlyList<SystemScore> SecondScores,
    string SentenceMetric,
    int Better,
    int Worse,
    int Identical,
    IReadOnlyList<LengthBucket> ByLength,
    IReadOnlyList<FrequencyBucket> ByFrequency,
    IReadOnlyList<SentenceChange> Gains,
    IReadOnlyList<SentenceChange> Losses
)
{
    /// <summary>Compares two systems.</summary>
    /// <param name="outputs">Their translations, line for line.</param>
    /// <param name="metrics">The scores for all lines and for sentences of similar length.</param>
    /// <param name="frequencies">How often words occur; null counts them in the reference.</param>
    /// <param name="shown">How many gains and losses.</param>
    /// <param name="test">How the difference is tested; null is the paired bootstrap.</param>
    /// <exception cref="UserErrorException">There are no lines, or their numbers differ.</exception>
    public static OutputComparison Of(
        ComparedOutputs outputs,
        IReadOnlyList<IMetric> metrics,
        WordFrequencies? frequencies = null,
        int shown = 10,
        SignificanceOptions? test = null
    )
    {
        CorpusLines.Check(outputs.First, [outputs.Reference, outputs.Second, outputs.Source]);
        var tested = metrics
            .Select(metric => PairedTest.Run(metric, [outputs.First, outputs.Second], [outputs.Reference], test))
            .ToList();
        var sentences = SentenceComparison.Of(outputs);
        return new OutputComparison(
            outputs.FirstName,
            outputs.SecondName,
            outputs.Reference.Count,
            [.. tested.Select(scores => scores[0])],
            [.. tested.Select(scores => scores[1])],
            SentenceComparison.Metric,
            sentences.Count(sentence => sentence.Scores.Difference > 0),
            sentences.Count(sentence => sentence.Scores.Difference < 0),
            sentences.Count(sentence => sentence.First == sentence.Second),
            LengthComparison.Of(outputs, metrics),
            (frequencies ?? WordFrequencies.Of(outputs.Reference)).Compare(outputs),
            [
                .. sentences
                    .Where(sentence => sentence.Scores.Difference > 0)
                    .OrderByDescending(sentence => sentence.Scores.Difference)
                    .Take(shown),
            ],
            [
                .. sentences
                    .Where(sentence => sentence.Scores.Difference < 0)
                    .OrderBy(sentence => sentence.Scores.Difference)
                    .Take(shown),
            ]
        );
    }
}

/// <summary>The scores of two systems by one metric.</summary>
/// <param name="Metric">The score's printed name.</param>
/// <param name="First">The first system's.</param>
/// <param name="Second">The second system's.</param>
internal sealed record ScorePair(string Metric, double First, double Second)
{
    /// <summary>The second minus the first.</summary>
    public double Difference => Second - First;
}
