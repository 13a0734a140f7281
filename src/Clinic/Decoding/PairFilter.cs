using TransformerClinic.Common;

namespace TransformerClinic.Decoding;

/// <summary>Which scored pairs are kept.</summary>
/// <param name="LeastScore">Pairs with a lower score are left out; null for no such limit.</param>
/// <param name="Best">
/// The share of the scored pairs that is kept, the best ones, rounded up; of equal scores the earlier pairs. Null keeps
/// all.
/// </param>
internal sealed record PairFilter(double? LeastScore, double? Best)
{
    /// <summary>The places of the pairs that are kept, in order.</summary>
    /// <param name="scores">The scores; pairs without one are left out.</param>
    /// <exception cref="UserErrorException">No pair is kept.</exception>
    public IReadOnlyList<int> Kept(IReadOnlyList<ScoredPair> scores)
    {
        int[] scored = [.. Enumerable.Range(0, scores.Count).Where(i => scores[i].Forced is not null)];
        var most = (int)Math.Ceiling((Best ?? 1) * scored.Length);
        int[] kept =
        [
            .. scored
                .OrderByDescending(i => scores[i].Score)
                .ThenBy(i => i)
                .Take(most)
                .Where(i => LeastScore is not { } least || scores[i].Score >= least)
                .Order(),
        ];
        return kept.Length > 0 ? kept
            : scored.Length == 0 ? throw new UserErrorException("There is no pair that could be scored.")
            : throw new UserErrorException(
                FormattableString.Invariant(
                    $"No pair is kept: the best score is {scored.Max(i => scores[i].Score):0.0000}."
                )
            );
    }
}
