using TransformerClinic.Data;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Model;

namespace TransformerClinic.Decoding;

/// <summary>
/// The attention of finished hypotheses, from one more pass over those of each sentence: the search itself does not
/// have to keep any. A coverage penalty is added to their scores, and they are sorted again.
/// </summary>
internal sealed class HypothesisAttention(IReadOnlyList<Transformer> models, DecodingOptions options)
{
    private readonly ForcedScoring _forced = new(models);

    /// <summary>The hypotheses of one source with their attention, best first.</summary>
    public IReadOnlyList<Hypothesis> Added(int[] source, IReadOnlyList<Hypothesis> hypotheses)
    {
        var scores = _forced.Score(
            [.. hypotheses.Select(hypothesis => new ParallelExample(source, hypothesis.Tokens))],
            attention: true
        );
        var attended = hypotheses.Zip(scores, (hypothesis, score) => hypothesis with { Attention = score.Attention });
        return options.CoveragePenalty == 0
            ? [.. attended]
            :
            [
                .. attended
                    .Select(hypothesis =>
                        hypothesis with
                        {
                            Score =
                                hypothesis.Score + CoveragePenalty.Of(hypothesis.Attention!, options.CoveragePenalty),
                        }
                    )
                    .OrderByDescending(hypothesis => hypothesis.Score),
            ];
    }
}
