using TransformerClinic.Text;

namespace TransformerClinic.Decoding;

/// <summary>
/// A word alignment from attention: each word of the translation, with the source word that its subwords attended to
/// most. Words are what white space parts; attention to a word is the sum over its subwords, of a word the mean over
/// its own. End marks take no part.
/// </summary>
public static class AttentionAlignment
{
    /// <summary>Pairs of places from 0, source word first, in the order of the translation's words.</summary>
    /// <param name="subwords">The model's subwords.</param>
    /// <param name="source">Ids of the source, the end mark included or not.</param>
    /// <param name="hypothesis">A hypothesis with its attention.</param>
    /// <exception cref="ArgumentException">The hypothesis carries no attention.</exception>
    public static IReadOnlyList<(int Source, int Target)> Of(SubwordModel subwords, int[] source, Hypothesis hypothesis)
    {
        var attention =
            hypothesis.Attention
            ?? throw new ArgumentException("The hypothesis carries no attention.", nameof(hypothesis));
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
    /// The alignment as <c>source-target</c> pairs with spaces between them, as Pharaoh and its successors write it.
    /// </summary>
    public static string Text(IReadOnlyList<(int Source, int Target)> alignment) =>
        string.Join(' ', alignment.Select(pair => FormattableString.Invariant($"{pair.Source}-{pair.Target}")));

    /// <summary>The places of each word's tokens.</summary>
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
                begins = false;
            }

            words[^1].Add(place);
        }

        return words;
    }
}
