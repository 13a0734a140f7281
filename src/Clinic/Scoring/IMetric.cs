using TransformerClinic.Common;

namespace TransformerClinic.Scoring;

/// <summary>
/// A score that is a function of a few counts. The counts of a corpus are the sums over its sentences, so a corpus can
/// be scored in any order, and a sample of it without counting again.
/// </summary>
public interface IMetric
{
    /// <summary>
    /// The printed name of the score, as in sacreBLEU: <c>BLEU</c>, <c>chrF2++</c>, <c>TER</c>.
    /// </summary>
    string Name { get; }

    /// <summary>Whether a better translation scores higher; with error rates it scores lower.</summary>
    bool HigherIsBetter { get; }

    /// <summary>
    /// The middle of the signature: all settings that the score depends on, such as
    /// <c>case:mixed|eff:yes|nc:6|nw:0|space:no</c>.
    /// </summary>
    string Settings { get; }

    /// <summary>The same with the usual settings for single sentences.</summary>
    IMetric ForSentences { get; }

    /// <summary>The counts of one sentence, always the same number of them.</summary>
    /// <exception cref="UserErrorException">There are more references than the score is defined for.</exception>
    double[] Count(string hypothesis, IReadOnlyList<string> references);

    /// <summary>The score of counts or of their sum, usually from 0 to 100; not rounded.</summary>
    double Score(double[] counts);
}
