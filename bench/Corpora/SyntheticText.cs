using System.Text;
using TransformerClinic.Common;

namespace TransformerClinic.Bench.Corpora;

/// <summary>
/// Sentence pairs that nobody wrote: made-up words that are as frequent as words of a language are (Zipf), and a
/// translation that replaces word for word and swaps some neighbors. Reading, learning and encoding them costs what
/// text costs; there is nothing to learn for a model but the dictionary.
/// </summary>
/// <param name="seed">Decides everything.</param>
internal sealed class SyntheticText(int seed)
{
    private const int Words = 200_000;
    private const int ShortestSentence = 4;
    private const int LongestSentence = 44;

    private static readonly string[] Syllables =
    [
        .. from first in "bdfgklmnprstvwz"
        from vowel in new[] { "a", "e", "i", "o", "u", "ei", "au" }
        from last in new[] { "", "n", "r", "s", "l" }
        select $"{first}{vowel}{last}",
    ];

    private readonly string[] _sources = Dictionary(seed, "source");
    private readonly string[] _targets = Dictionary(seed, "target");
    private readonly double[] _sums = Sums();

    /// <summary>The line of a pair: source, tab, target. A function of its number.</summary>
    public string Line(long number)
    {
        var draws = new CounterStream(seed, "pair", number);
        var length = ShortestSentence + (int)(draws.Next() * (LongestSentence - ShortestSentence + 1));
        var words = new int[length];
        for (var i = 0; i < length; i++)
        {
            words[i] = Word(draws.Next());
        }

        var line = new StringBuilder();
        line.AppendJoin(' ', words.Select(word => _sources[word])).Append(".\t");
        for (var i = 0; i + 1 < length; i++)
        {
            if (draws.Next() < 0.1)
            {
                (words[i], words[i + 1]) = (words[i + 1], words[i]);
            }
        }

        return line.AppendJoin(' ', words.Select(word => _targets[word])).Append('.').ToString();
    }

    private static string[] Dictionary(int seed, string language)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        var draws = new CounterStream(seed, language, 0);
        while (words.Count < Words)
        {
            var syllables = 1 + (int)(draws.Next() * 4);
            words.Add(
                string.Concat(
                    Enumerable.Range(0, syllables).Select(_ => Syllables[(int)(draws.Next() * Syllables.Length)])
                )
            );
        }

        return [.. words];
    }

    /// <summary>Running sums of the frequencies 1 / rank.</summary>
    private static double[] Sums()
    {
        var sums = new double[Words];
        var sum = 0.0;
        for (var i = 0; i < Words; i++)
        {
            sums[i] = sum += 1.0 / (i + 1);
        }

        return sums;
    }

    private int Word(double draw)
    {
        var found = Array.BinarySearch(_sums, draw * _sums[^1]);
        return Math.Min(found >= 0 ? found : ~found, Words - 1);
    }
}
