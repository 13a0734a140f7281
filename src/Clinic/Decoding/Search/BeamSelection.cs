using System.Numerics;

namespace TransformerClinic.Decoding.Search;

/// <summary>The <c>2 * beam</c> candidates with the highest log-probability.</summary>
internal sealed class BeamSelection(DecodingOptions options, SearchedModel model) : ICandidateSelection
{
    /// <inheritdoc/>
    public ReadOnlySpan<Candidate> Select<T>(SentenceSearch sentence, Span<T> logProbabilities)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var top = new TopCandidates(2 * options.Beam, model.Padding);
        for (var row = 0; row < sentence.Beam.Count; row++)
        {
            top.Offer<T>(
                row,
                sentence.Beam[row].LogProbability,
                logProbabilities.Slice(row * model.Vocabulary, model.Vocabulary),
                sentence.MayEnd
            );
        }

        return top.Best;
    }
}
