using TransformerClinic.Comparisons.Statistics;

namespace TransformerClinic.Comparisons;

/// <summary>
/// The order of the candidates: first those of which every run trained, by their mean validation loss; then those of
/// which some failed; then those that never trained. The differences from the best are tested by
/// <see cref="WelchTest"/> and corrected by <see cref="HolmCorrection"/>.
/// </summary>
internal static class Ranking
{
    /// <summary>The p-value below which a difference is called one.</summary>
    public const double Level = 0.05;

    /// <summary>Ranks the candidates of a comparison.</summary>
    public static IReadOnlyList<RankedCandidate> Of(ComparisonResults results) =>
        Of(results.Candidates, results.Search, results.Runs);

    /// <summary>Ranks candidates by their runs.</summary>
    public static IReadOnlyList<RankedCandidate> Of(
        IReadOnlyList<Candidate> candidates,
        IReadOnlyList<ComparedRun> search,
        IReadOnlyList<ComparedRun> runs
    )
    {
        RankedCandidate[] ordered =
        [
            .. candidates
                .Select(candidate => Unranked(candidate, search, runs))
                .OrderBy(one => one.Trained ? 0 : 1)
                .ThenBy(one => one.Failed > 0 ? 1 : 0)
                .ThenBy(one => one.Nll?.Mean),
        ];
        if (ordered is not [{ Trained: true } best, ..])
        {
            return ordered;
        }

        WelchTest?[] tests = [null, .. ordered.Skip(1).Select(one => WelchTest.Of(Nlls(best.Runs), Nlls(one.Runs)))];
        int[] tested = [.. Enumerable.Range(0, tests.Length).Where(i => tests[i] is not null)];
        var adjusted = HolmCorrection.Adjust([.. tested.Select(i => tests[i]!.P)]);
        return
        [
            .. ordered.Select(
                (one, i) =>
                    one with
                    {
                        Rank = one.Trained ? i + 1 : null,
                        BehindBest = tests[i],
                        AdjustedP = Array.IndexOf(tested, i) is >= 0 and var place ? adjusted[place] : null,
                    }
            ),
        ];
    }

    /// <summary>Final validation losses of the runs that trained.</summary>
    public static IReadOnlyList<double> Nlls(IEnumerable<ComparedRun> runs) =>
        [
            .. runs.Where(run => !run.Results.Failed)
                .Select(run => run.Results.ValidationNll)
                .OfType<double>()
                .Where(double.IsFinite),
        ];

    private static RankedCandidate Unranked(
        Candidate candidate,
        IReadOnlyList<ComparedRun> search,
        IReadOnlyList<ComparedRun> runs
    )
    {
        ComparedRun[] own = [.. runs.Where(run => run.Candidate.Key == candidate.Key)];
        return new RankedCandidate
        {
            Candidate = candidate,
            Runs = own,
            Search = [.. search.Where(run => run.Candidate.Key == candidate.Key)],
            Nll = MeanInterval.Of(Nlls(own)),
            Bleu = MeanInterval.Of([
                .. own.Where(run => !run.Results.Failed).Select(run => run.Results.Bleu).OfType<double>(),
            ]),
        };
    }
}
