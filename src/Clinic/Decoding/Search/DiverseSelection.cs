using System.Numerics;

namespace TransformerClinic.Decoding.Search;

/// <summary>
/// The candidates of a diverse beam: group g has the hypotheses g, g + groups, ... of the beam. One group after another
/// takes its best, and the results are interleaved: the best of each group, the second best of each, and so on, as in
/// fairseq.
/// </summary>
internal sealed class DiverseSelection(DiverseBeam diverse, DecodingOptions options, SearchedModel model)
    : ICandidateSelection
{
    /// <inheritdoc/>
    public ReadOnlySpan<Candidate> Select<T>(SentenceSearch sentence, Span<T> logProbabilities)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var taken = new Dictionary<int, int>();
        var groups = new List<Candidate[]>();
        for (var group = 0; group < diverse.Groups; group++)
        {
            var best = BestOf<T>(group, sentence, logProbabilities, taken);
            foreach (var candidate in best)
            {
                taken[candidate.Token] = taken.GetValueOrDefault(candidate.Token) + 1;
            }

            groups.Add(best);
        }

        return Enumerable
            .Range(0, groups.Max(group => group.Length))
            .SelectMany(rank => groups.Where(group => rank < group.Length).Select(group => group[rank]))
            .ToArray();
    }

    private Candidate[] BestOf<T>(
        int group,
        SentenceSearch sentence,
        Span<T> logProbabilities,
        Dictionary<int, int> taken
    )
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var top = new TopCandidates(2 * options.Beam / diverse.Groups, model.Padding);

        // At the first step all groups start with the one empty hypothesis.
        for (var row = sentence.Beam.Count == 1 ? 0 : group; row < sentence.Beam.Count; row += diverse.Groups)
        {
            T[] next = [.. logProbabilities.Slice(row * model.Vocabulary, model.Vocabulary)];
            foreach (var (token, times) in taken)
            {
                next[token] -= T.CreateChecked(diverse.Strength * times);
            }

            top.Offer<T>(row, sentence.Beam[row].LogProbability, next, sentence.MayEnd);
        }

        return top.Best.ToArray();
    }
}
