namespace TransformerClinic.Scoring.Ter;

/// <summary>
/// The cheapest insertions, deletions and replacements that turn a hypothesis into its reference (Levenshtein), and
/// which words they align. As in Tercom, only a band around the diagonal of the table is searched.
/// </summary>
internal sealed class WordAlignment
{
    private const int Band = 25;
    private const int Unreached = int.MaxValue / 2;

    private readonly int[] _reference;
    private readonly int[][] _costs;

    private WordAlignment(int[] hypothesis, int[] reference)
    {
        (Hypothesis, _reference) = (hypothesis, reference);
        _costs = Costs(
            hypothesis,
            [
                [.. Enumerable.Range(0, reference.Length + 1)],
            ],
            reference
        );
        (Positions, ReferenceErrors, HypothesisErrors) = (
            new int[reference.Length],
            new bool[reference.Length],
            new bool[hypothesis.Length]
        );
        Trace();
    }

    /// <summary>The words that were aligned.</summary>
    public int[] Hypothesis { get; }

    /// <summary>How many edits it takes.</summary>
    public int Edits => _costs[^1][^1];

    /// <summary>
    /// For each word of the reference the position of its word in the hypothesis; for a word that is missing there, the
    /// position before it, or -1.
    /// </summary>
    public int[] Positions { get; }

    /// <summary>Which words of the reference are replaced or missing.</summary>
    public bool[] ReferenceErrors { get; }

    /// <summary>Which words of the hypothesis are replaced or superfluous.</summary>
    public bool[] HypothesisErrors { get; }

    /// <summary>Aligns two sentences.</summary>
    public static WordAlignment Of(int[] hypothesis, int[] reference) => new(hypothesis, reference);

    /// <summary>How many edits it would take with the words in another order.</summary>
    public int EditsAfter(int[] hypothesis)
    {
        // Everything before the first word that moved costs the same as before.
        var same = Hypothesis.AsSpan().CommonPrefixLength(hypothesis);
        return Costs(hypothesis, _costs[..(same + 1)], _reference)[^1][^1];
    }

    /// <summary>
    /// Row i, column j: the edits that turn the first i words of the hypothesis into the first j of the reference.
    /// </summary>
    private static int[][] Costs(int[] hypothesis, int[][] known, int[] reference)
    {
        var ratio = hypothesis.Length > 0 ? (double)reference.Length / hypothesis.Length : 1;
        var band = ratio / 2 > Band ? (int)Math.Ceiling((ratio / 2) + Band) : Band;
        var costs = new int[hypothesis.Length + 1][];
        known.CopyTo(costs, 0);
        for (var i = known.Length; i < costs.Length; i++)
        {
            var (above, row, diagonal) = (costs[i - 1], new int[reference.Length + 1], (int)Math.Floor(i * ratio));
            Array.Fill(row, Unreached);
            var end = i == hypothesis.Length ? row.Length : Math.Min(row.Length, diagonal + band);
            for (var j = Math.Max(0, diagonal - band); j < end; j++)
            {
                row[j] =
                    j == 0
                        ? above[0] + 1
                        : Math.Min(
                            above[j - 1] + (hypothesis[i - 1] == reference[j - 1] ? 0 : 1),
                            Math.Min(above[j], row[j - 1]) + 1
                        );
            }

            costs[i] = row;
        }

        return costs;
    }

    /// <summary>
    /// Follows the costs back. Among equal paths it prefers a pair of words, then a superfluous word, then a missing
    /// one.
    /// </summary>
    private void Trace()
    {
        var (i, j) = (Hypothesis.Length, _reference.Length);
        while (i > 0 || j > 0)
        {
            var cost = _costs[i][j];
            var differ = i > 0 && j > 0 && Hypothesis[i - 1] != _reference[j - 1];
            if (i > 0 && j > 0 && cost == _costs[i - 1][j - 1] + (differ ? 1 : 0))
            {
                (i, j) = (i - 1, j - 1);
                Positions[j] = i;
                (ReferenceErrors[j], HypothesisErrors[i]) = (differ, differ);
            }
            else if (i > 0 && cost == _costs[i - 1][j] + 1)
            {
                HypothesisErrors[--i] = true;
            }
            else
            {
                Positions[--j] = i - 1;
                ReferenceErrors[j] = true;
            }
        }
    }
}
