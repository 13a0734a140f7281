namespace TransformerClinic.Scoring.Ter;

/// <summary>
/// The edits that turn a hypothesis into its reference when a run of words may be moved at the cost of one edit. As in
/// Tercom, the move that saves most is repeated as long as any move saves something. This is a greedy search, so the
/// result is not guaranteed to be minimal. A run is tried if it contains an error and equals a run of the reference
/// that is also misplaced.
/// </summary>
internal static class WordShifts
{
    private const int MaxLength = 10;
    private const int MaxDistance = 50;

    // sacreBLEU's own bound: sentences that offer more are left unchanged from then on.
    private const int MaxTried = 1000;

    /// <summary>Moves, plus the insertions, deletions and replacements after them.</summary>
    public static int Edits(int[] hypothesis, int[] reference)
    {
        if (reference.Length == 0)
        {
            return hypothesis.Length;
        }

        var (moves, tried) = (0, 0);
        var current = WordAlignment.Of(hypothesis, reference);
        while (Best(current, reference, ref tried) is { Saved: > 0 } best && tried < MaxTried)
        {
            current = WordAlignment.Of(best.Words, reference);
            moves++;
        }

        return moves + current.Edits;
    }

    /// <summary>
    /// The move that saves most; among equals the longest run, then the first in the hypothesis, then the first target.
    /// </summary>
    private static Move? Best(WordAlignment current, int[] reference, ref int tried)
    {
        Move? best = null;
        foreach (
            var (start, place, length) in EqualRuns(current.Hypothesis, reference).Where(run => IsWrong(current, run))
        )
        {
            foreach (var target in Targets(current, place, length))
            {
                var words = Moved(current.Hypothesis, start, length, target);
                var move = new Move(current.Edits - current.EditsAfter(words), length, start, target, words);
                tried++;
                best = best is null || move.Rank.CompareTo(best.Rank) > 0 ? move : best;
            }

            if (tried >= MaxTried)
            {
                break;
            }
        }

        return best;
    }

    /// <summary>
    /// Runs of words that occur in both, with their start in the hypothesis and in the reference.
    /// </summary>
    private static IEnumerable<(int Start, int Place, int Length)> EqualRuns(int[] hypothesis, int[] reference)
    {
        for (var start = 0; start < hypothesis.Length; start++)
        {
            for (
                var place = Math.Max(0, start - MaxDistance);
                place < Math.Min(reference.Length, start + MaxDistance + 1);
                place++
            )
            {
                var longest = Math.Min(MaxLength, Math.Min(hypothesis.Length - start, reference.Length - place));
                for (
                    var length = 1;
                    length <= longest && hypothesis[start + length - 1] == reference[place + length - 1];
                    length++
                )
                {
                    yield return (start, place, length);
                }
            }
        }
    }

    /// <summary>
    /// Whether both runs contain an error, and the reference's is not within the hypothesis's own.
    /// </summary>
    private static bool IsWrong(WordAlignment current, (int Start, int Place, int Length) run)
    {
        var (start, place, length) = run;
        var aligned = current.Positions[place];
        return current.HypothesisErrors.AsSpan(start, length).Contains(true)
            && current.ReferenceErrors.AsSpan(place, length).Contains(true)
            && (aligned < start || aligned >= start + length);
    }

    /// <summary>
    /// Where a run may go: before the word at its place in the reference, and after each word that it would replace.
    /// </summary>
    private static IEnumerable<int> Targets(WordAlignment current, int place, int length)
    {
        var previous = -1;
        for (var at = place - 1; at < place + length; at++)
        {
            var target = at < 0 ? 0 : current.Positions[at] + 1;
            if (target != previous)
            {
                yield return target;
            }

            previous = target;
        }
    }

    /// <summary>
    /// The words with a run of them moved before the word at the target. If the target is within the run, the run moves
    /// as far to the right instead.
    /// </summary>
    private static int[] Moved(int[] words, int start, int length, int target)
    {
        int[] rest = [.. words[..start], .. words[(start + length)..]];
        var place = Math.Min(rest.Length, target > start + length ? target - length : target);
        return [.. rest[..place], .. words[start..(start + length)], .. rest[place..]];
    }

    private sealed record Move(int Saved, int Length, int Start, int Target, int[] Words)
    {
        public (int, int, int, int) Rank => (Saved, Length, -Start, -Target);
    }
}
