using System.Numerics;
using TransformerClinic.Text;

namespace TransformerClinic.Decoding.Search;

/// <summary>
/// Lexically constrained beam search by dynamic beam allocation (Post and Vilar 2018): the candidates are the most
/// probable ones plus those that start or continue a required phrase. Candidates with the same number of required
/// tokens in place compete: first the best of each number, then the second best of each, and so on, the highest number
/// first. Only an output that contains all phrases may end.
/// </summary>
internal sealed class RequiredSelection(DecodingOptions options, SearchedModel model) : ICandidateSelection
{
    /// <inheritdoc/>
    public ReadOnlySpan<Candidate> Select<T>(SentenceSearch sentence, Span<T> logProbabilities)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var required = sentence.Source.Required!;
        int[][] beam = [.. sentence.Beam.Select(hypothesis => hypothesis.Tokens)];
        return Offered(sentence, beam, logProbabilities)
            .GroupBy(candidate =>
                candidate.Token == Vocabulary.EndOfSentence
                    ? int.MaxValue
                    : required.Progress([.. beam[candidate.Row], candidate.Token])
            )
            .SelectMany(bank =>
                bank.OrderByDescending(candidate => candidate.LogProbability)
                    .Select((candidate, rank) => (candidate, rank, Progress: bank.Key))
            )
            .OrderBy(entry => entry.rank)
            .ThenByDescending(entry => entry.Progress)
            .Select(entry => entry.candidate)
            .Take(2 * options.Beam)
            .ToArray();
    }

    private HashSet<Candidate> Offered<T>(SentenceSearch sentence, int[][] beam, Span<T> logProbabilities)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var required = sentence.Source.Required!;
        var all = new TopCandidates(2 * options.Beam, model.Padding);
        var offered = new HashSet<Candidate>();
        for (var row = 0; row < beam.Length; row++)
        {
            var before = sentence.Beam[row].LogProbability;
            var next = logProbabilities.Slice(row * model.Vocabulary, model.Vocabulary);
            var mayEnd = sentence.MayEnd && required.AllIn(beam[row]);
            var best = new TopCandidates(1, model.Padding);
            best.Offer<T>(row, before, next, mayEnd);
            all.Offer<T>(row, before, next, mayEnd);
            offered.UnionWith(best.Best.ToArray());
            offered.UnionWith(BestKeepingWhole<T>(row, before, next, required.KeepingWhole(beam[row]), mayEnd));
            foreach (var token in required.Next(beam[row]))
            {
                var one = new TopCandidates(1, model.Padding);
                one.OfferToken<T>(row, before, next, token);
                offered.UnionWith(one.Best.ToArray());
            }
        }

        offered.UnionWith(all.Best.ToArray());
        return offered;
    }

    /// <summary>
    /// After a required word, the most likely tokens might all turn it into another word, so one that does not is added
    /// to them.
    /// </summary>
    private Candidate[] BestKeepingWhole<T>(
        int row,
        double before,
        ReadOnlySpan<T> next,
        IReadOnlyList<int> tokens,
        bool mayEnd
    )
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var best = new TopCandidates(1, model.Padding);
        foreach (var token in tokens)
        {
            best.OfferToken(row, before, next, token);
        }

        if (mayEnd && tokens.Count > 0)
        {
            best.OfferEnd(row, before, next);
        }

        return best.Best.ToArray();
    }
}
