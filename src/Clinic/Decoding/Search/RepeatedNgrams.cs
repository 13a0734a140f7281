using System.Numerics;
using TransformerClinic.Text;

namespace TransformerClinic.Decoding.Search;

/// <summary>
/// The rule against repetition: a token that would complete an n-gram that the hypothesis already contains is
/// impossible. As in fairseq, the end mark that decoding starts from is the hypothesis's first token.
/// </summary>
/// <remarks>The end mark itself stays possible: fairseq's rule for n = 1 would never let an output end.</remarks>
internal static class RepeatedNgrams
{
    /// <summary>
    /// Sets the log-probabilities <c>[vocabulary]</c> of tokens that may not follow a hypothesis to minus infinity.
    /// </summary>
    public static void RuleOut<T>(PartialHypothesis hypothesis, int n, Span<T> logProbabilities)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] backwards = [.. hypothesis.Backwards];
        for (var i = 0; i + n <= backwards.Length; i++)
        {
            var before = backwards.AsSpan(i + 1, n - 1);
            if (backwards[i] != Vocabulary.EndOfSentence && before.SequenceEqual(backwards.AsSpan(0, n - 1)))
            {
                logProbabilities[backwards[i]] = T.NegativeInfinity;
            }
        }
    }
}
