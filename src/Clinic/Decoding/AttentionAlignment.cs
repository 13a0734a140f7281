using TransformerClinic.Text;

namespace TransformerClinic.Decoding;

/// <summary>
/// A word alignment from attention: each word of the translation, with the source word that its subwords attended to
/// most. Words are separated by white space. Attention to a word is the sum over its subwords; attention of a word is
/// the mean over its own. End marks are excluded.
/// </summary>
internal static class AttentionAlignment
{
    /// <summary>Pairs of positions from 0, source word first, in the order of the translation's words.</summary>
    /// <param name="subwords">The model's subwords.</param>
    /// <param name="source">Ids of the source, with or without the end mark.</param>
    /// <param name="hypothesis">A hypothesis with its attention.</param>
    /// <exception cref="ArgumentException">The hypothesis has no attention.</exception>
    public static IReadOnlyList<(int Source, int Target)> Of(SubwordModel subwords, int[] source, Hypothesis hypothesis)
    {
        var attention =
            hypothesis.Attention ?? throw new ArgumentException("The hypothesis has no attention.", nameof(hypothesis));
        var (sourceWords, targetWords) = (Words(subwords, source), Words(subwords, hypothesis.Tokens));
        return sourceWords.Count == 0
            ? []
            :
            [
                .. targetWords.Select(
                    (tokens, target) =>
                        (
                            Enumerable
                                .Range(0, sourceWords.Count)
                                .MaxBy(word => sourceWords[word].Sum(from => tokens.Sum(to => attention[to][from]))),
                            target
                        )
                ),
            ];
    }

    /// <summary>
    /// The alignment as <c>source-target</c> pairs separated by spaces, the format of Pharaoh and its successors.
    /// </summary>
    public static string Text(IReadOnlyList<(int Source, int Target)> alignment) =>
        string.Join(' ', alignment.Select(pair => FormattableString.Invariant($"{pair.Source}-{pair.Target}")));

    /// <summary>The positions of each word's tokens.</summary>
    private static List<List<int>> Words(SubwordModel subwords, int[] tokens)
    {
        var words = new List<List<int>>();
        var begins = true;
        foreach (var (place, id) in tokens.Index())
        {
            if (id < Vocabulary.Marks)
            {
                continue;
            }

            var piece = subwords.TextOf(id);
            begins |= piece.Length > 0 && char.IsWhiteSpace(piece[0]);
            if (piece.Length > 0 && string.IsNullOrWhiteSpace(piece))
            {
                continue;
            }

            if (begins)
            {
                words.Add([]);
            }

            words[^1].Add(place);
            begins = !subwords.LeavesWordOpen(id);
        }

        return words;
    }
}
