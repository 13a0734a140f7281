namespace TransformerClinic.Text;

/// <summary>
/// Byte-pair merges inside of words, as subword-nmt and fastBPE apply them: the pair of the lowest rank is merged
/// everywhere in the word, from left to right, until no neighbors are a pair. The last character of a word carries the
/// end mark <c>&lt;/w&gt;</c>, or in subword-nmt's first version the mark is a symbol of its own.
/// </summary>
internal sealed class WordMerges
{
    private const string End = "</w>";

    private readonly Dictionary<(string Left, string Right), int> _ranks = [];

    /// <summary>Merges in the order of their ranks; of a pair that occurs twice the first one counts.</summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="endIsApart">Whether the end mark is a symbol of its own.</param>
    public WordMerges(IReadOnlyList<(string Left, string Right)> pairs, bool endIsApart)
    {
        (Pairs, EndIsApart) = (pairs, endIsApart);
        for (var rank = 0; rank < pairs.Count; rank++)
        {
            _ranks.TryAdd(pairs[rank], rank);
        }
    }

    /// <summary>The pairs in the order of their ranks.</summary>
    public IReadOnlyList<(string Left, string Right)> Pairs { get; }

    /// <summary>Whether the end mark is a symbol of its own, as in subword-nmt's first version.</summary>
    public bool EndIsApart { get; }

    /// <summary>The parts of a word, without end mark; together they are the word.</summary>
    public IReadOnlyList<string> Cut(string word)
    {
        List<string> symbols = [.. word.EnumerateRunes().Select(rune => rune.ToString())];
        if (symbols.Count < 2)
        {
            return symbols;
        }

        if (EndIsApart)
        {
            symbols.Add(End);
        }
        else
        {
            symbols[^1] += End;
        }

        while (BestPair(symbols) is { } pair)
        {
            symbols = Merged(symbols, pair);
        }

        // The end mark is the last symbol, or the end of it.
        symbols[^1] = symbols[^1][..^End.Length];
        return symbols[^1].Length == 0 ? symbols[..^1] : symbols;
    }

    /// <summary>Whether two cut every word into the same parts; null merges nothing and is only like itself.</summary>
    public static bool AreSame(WordMerges? one, WordMerges? other) =>
        one is null || other is null
            ? one == other
            : one.EndIsApart == other.EndIsApart && one.Pairs.SequenceEqual(other.Pairs);

    private (string Left, string Right)? BestPair(List<string> symbols)
    {
        (string, string)? best = null;
        var bestRank = int.MaxValue;
        for (var i = 0; i + 1 < symbols.Count; i++)
        {
            if (_ranks.TryGetValue((symbols[i], symbols[i + 1]), out var rank) && rank < bestRank)
            {
                (bestRank, best) = (rank, (symbols[i], symbols[i + 1]));
            }
        }

        return best;
    }

    private static List<string> Merged(List<string> symbols, (string Left, string Right) pair)
    {
        var merged = new List<string>(symbols.Count);
        for (var i = 0; i < symbols.Count; i++)
        {
            if (i + 1 < symbols.Count && (symbols[i], symbols[i + 1]) == pair)
            {
                merged.Add(pair.Left + pair.Right);
                i++;
            }
            else
            {
                merged.Add(symbols[i]);
            }
        }

        return merged;
    }
}
