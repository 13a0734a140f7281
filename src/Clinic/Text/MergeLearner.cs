using System.Runtime.InteropServices;

namespace TransformerClinic.Text;

/// <summary>
/// Learns the merges of a byte-pair encoding (Sennrich, Haddow and Birch 2016): repeatedly, the most frequent pair
/// of neighboring symbols becomes a symbol. Counts are kept up to date from merge to merge; ties go to the smaller
/// ids, so the result depends only on the words.
/// </summary>
internal sealed class MergeLearner
{
    private readonly List<int[]> _words = [];
    private readonly List<long> _wordCounts = [];
    private readonly Dictionary<(int Left, int Right), long> _pairCounts = [];
    private readonly Dictionary<(int Left, int Right), HashSet<int>> _pairWords = [];
    private readonly List<(int Left, int Right)> _born = []; // Only these can have risen: pairs of the newest symbol.
    private readonly PriorityQueue<(int Left, int Right, long Count), (long, int, int)> _queue = new();

    /// <summary>A learner over words as sequences of symbol ids, with their counts.</summary>
    public MergeLearner(IEnumerable<(int[] Symbols, long Count)> words)
    {
        foreach (var (symbols, count) in words)
        {
            _words.Add(symbols);
            _wordCounts.Add(count);
            CountPairs(_words.Count - 1, count);
        }

        EnqueueBorn();
    }

    /// <summary>Takes the most frequent pair, if it occurs at least <paramref name="minCount"/> times.</summary>
    public (int Left, int Right)? Next(long minCount)
    {
        while (_queue.TryDequeue(out var top, out _))
        {
            var pair = (top.Left, top.Right);
            var count = _pairCounts.GetValueOrDefault(pair);
            if (count == top.Count)
            {
                return count >= minCount ? pair : null;
            }

            if (count > 0)
            {
                Enqueue(pair); // The count fell since it was queued.
            }
        }

        return null;
    }

    /// <summary>Replaces a pair by a symbol in all words.</summary>
    public void Merge((int Left, int Right) pair, int symbol)
    {
        foreach (var word in _pairWords[pair])
        {
            var merged = Merged(_words[word], pair, symbol);
            if (merged.Length < _words[word].Length) // Shorter unless other merges have taken the pair away.
            {
                CountPairs(word, -_wordCounts[word]);
                _words[word] = merged;
                CountPairs(word, _wordCounts[word]);
            }
        }

        _pairCounts.Remove(pair);
        _pairWords.Remove(pair);
        EnqueueBorn();
    }

    private static int[] Merged(int[] word, (int Left, int Right) pair, int symbol)
    {
        var merged = new List<int>(word.Length);
        for (var i = 0; i < word.Length; i++)
        {
            if (i + 1 < word.Length && word[i] == pair.Left && word[i + 1] == pair.Right)
            {
                merged.Add(symbol);
                i++;
            }
            else
            {
                merged.Add(word[i]);
            }
        }

        return [.. merged];
    }

    private void CountPairs(int word, long count)
    {
        var symbols = _words[word];
        for (var i = 0; i + 1 < symbols.Length; i++)
        {
            var pair = (symbols[i], symbols[i + 1]);
            ref var total = ref CollectionsMarshal.GetValueRefOrAddDefault(_pairCounts, pair, out var known);
            total += count;
            if (count > 0)
            {
                ref var words = ref CollectionsMarshal.GetValueRefOrAddDefault(_pairWords, pair, out _);
                (words ??= []).Add(word);
            }

            if (!known)
            {
                _born.Add(pair);
            }
        }
    }

    private void EnqueueBorn()
    {
        foreach (var pair in _born)
        {
            Enqueue(pair);
        }

        _born.Clear();
    }

    private void Enqueue((int Left, int Right) pair)
    {
        var count = _pairCounts[pair];
        _queue.Enqueue((pair.Left, pair.Right, count), (-count, pair.Left, pair.Right));
    }
}
