using CsCheck;
using TransformerClinic.Text;

namespace TransformerClinic.Tests.Text;

public class MergeLearnerTests
{
    [Fact]
    public void Learned_merges_equal_those_of_counting_all_pairs_again_before_each()
    {
        var word = Gen.Int[0, 3].Array[1, 12];
        var words = Gen.Select(word, Gen.Long[1, 6], (symbols, count) => (Symbols: symbols, Count: count)).List[1, 12];
        words.Sample(all => Assert.Equal(CountingAgain(all), Learned(all)), iter: 2000);
    }

    [Fact]
    public void Among_pairs_seen_equally_often_the_one_with_smaller_ids_is_taken()
    {
        var learner = new MergeLearner([([3, 1], 5), ([2, 4], 5), ([2, 3], 5)]);
        Assert.Equal((2, 3), learner.Next(1));
    }

    [Fact]
    public void Pairs_seen_too_seldom_are_not_merged() =>
        Assert.Null(new MergeLearner([([0, 1], 2), ([1, 2], 1)]).Next(3));

    private static List<(int, int)> Learned(List<(int[] Symbols, long Count)> words)
    {
        var learner = new MergeLearner(words);
        var merges = new List<(int, int)>();
        while (merges.Count < 20 && learner.Next(2) is { } pair)
        {
            learner.Merge(pair, 4 + merges.Count);
            merges.Add(pair);
        }

        return merges;
    }

    private static List<(int, int)> CountingAgain(List<(int[] Symbols, long Count)> words)
    {
        var current = words.Select(word => (Symbols: word.Symbols.ToList(), word.Count)).ToList();
        var merges = new List<(int, int)>();
        while (merges.Count < 20)
        {
            var best = current
                .SelectMany(word =>
                    word.Symbols.Zip(word.Symbols.Skip(1), (left, right) => (Pair: (left, right), word.Count))
                )
                .GroupBy(use => use.Pair, use => use.Count)
                .Select(uses => (Pair: uses.Key, Count: uses.Sum()))
                .Where(pair => pair.Count >= 2)
                .OrderByDescending(pair => pair.Count)
                .ThenBy(pair => pair.Pair)
                .Select(pair => ((int Left, int Right)?)pair.Pair)
                .FirstOrDefault();
            if (best is not { } merge)
            {
                break;
            }

            foreach (var (symbols, _) in current)
            {
                for (var i = 0; i + 1 < symbols.Count; i++)
                {
                    if ((symbols[i], symbols[i + 1]) == merge)
                    {
                        symbols[i] = 4 + merges.Count;
                        symbols.RemoveAt(i + 1);
                    }
                }
            }

            merges.Add(merge);
        }

        return merges;
    }
}
