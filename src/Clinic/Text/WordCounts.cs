using System.Runtime.InteropServices;
using TransformerClinic.Common;

namespace TransformerClinic.Text;

/// <summary>How often each word of a text occurs, a word being a stretch of <see cref="WordSplitter"/>.</summary>
/// <param name="Words">The words with their counts.</param>
internal sealed record WordCounts(IReadOnlyDictionary<string, long> Words)
{
    private const int LinesPerBlock = 2048;

    /// <summary>Counts the words of lines, with all cores; lines are not kept, every word is.</summary>
    /// <param name="lines">The text.</param>
    /// <param name="normalization">The Unicode form that it is brought to.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static WordCounts Of(
        IEnumerable<string> lines,
        Normalization normalization,
        CancellationToken cancellation = default
    )
    {
        var normalizer = new TextNormalizer(normalization);
        return Sum(
            OrderedBlocks.Map(lines, LinesPerBlock, block => new WordCounts(Counted(block, normalizer)), cancellation)
        );
    }

    /// <summary>The counts of a text of which these are the counts of the parts.</summary>
    public static WordCounts Sum(IEnumerable<WordCounts> parts)
    {
        var words = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var part in parts)
        {
            foreach (var (word, count) in part.Words)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(words, word, out _) += count;
            }
        }

        return new WordCounts(words);
    }

    private static Dictionary<string, long> Counted(IReadOnlyList<string> lines, TextNormalizer normalizer)
    {
        var words = new Dictionary<string, long>(StringComparer.Ordinal);
        var bySpan = words.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var line in lines)
        {
            if (normalizer.Normalize(line) is not { Length: > 0 } normal)
            {
                continue;
            }

            ReadOnlySpan<char> text = $" {normal}";
            for (int start = 0, end; start < text.Length; start = end)
            {
                end = WordSplitter.End(text, start);
                CollectionsMarshal.GetValueRefOrAddDefault(bySpan, text[start..end], out _)++;
            }
        }

        return words;
    }
}
