using TransformerClinic.Text;

namespace TransformerClinic.Decoding.Search;

/// <summary>
/// Words and phrases that an output must contain as whole words, in any order. A phrase is satisfied when the output's
/// text contains it, however it is split into subwords; the search offers it in the subwords that the model was trained
/// with.
/// </summary>
internal sealed class RequiredPhrases
{
    private readonly SubwordModel _subwords;
    private readonly (string Text, int[] Tokens)[] _phrases;
    private readonly Lazy<int[]> _newWords;

    /// <summary>Requires phrases, as the subword model normalizes them; empty ones require nothing.</summary>
    public RequiredPhrases(SubwordModel subwords, IEnumerable<string> phrases)
    {
        _subwords = subwords;
        _newWords = new(() =>
            [
                .. Enumerable
                    .Range(0, subwords.Vocabulary.Count)
                    .Where(id => subwords.TextOf(id) is { Length: > 0 } piece && !WholeWords.Continue(piece)),
            ]
        );
        _phrases =
        [
            .. phrases
                .Select(subwords.Normalize)
                .Where(phrase => phrase.Length > 0)
                .Distinct(StringComparer.Ordinal)
                .Select(phrase => (phrase, subwords.EncodeTarget(phrase))),
        ];
    }

    /// <summary>The phrases that a text does not contain.</summary>
    public IEnumerable<string> MissingIn(string text) =>
        _phrases.Where(phrase => !WholeWords.Contain(text, phrase.Text)).Select(phrase => phrase.Text);

    /// <summary>Whether tokens contain all phrases.</summary>
    internal bool AllIn(int[] tokens) => !MissingIn(_subwords.Decode(tokens)).Any();

    /// <summary>
    /// Required tokens that are in place: those of the satisfied phrases, and the longest start of another one at the
    /// end.
    /// </summary>
    internal int Progress(int[] tokens)
    {
        var text = _subwords.Decode(tokens);
        var (met, begun) = (0, 0);
        foreach (var phrase in _phrases)
        {
            if (WholeWords.Contain(text, phrase.Text))
            {
                met += phrase.Tokens.Length;
            }
            else
            {
                begun = Math.Max(begun, Begun(phrase.Tokens, tokens));
            }
        }

        return met + begun;
    }

    /// <summary>The tokens that start or continue an unsatisfied phrase.</summary>
    internal IEnumerable<int> Next(int[] tokens)
    {
        var text = _subwords.Decode(tokens);
        return _phrases
            .Where(phrase => !WholeWords.Contain(text, phrase.Text))
            .SelectMany(phrase => new[] { phrase.Tokens[0], phrase.Tokens[Begun(phrase.Tokens, tokens)] })
            .Distinct();
    }

    /// <summary>
    /// If the output ends with a phrase, the tokens that keep it intact: those that do not continue a word. Otherwise
    /// none.
    /// </summary>
    internal IReadOnlyList<int> KeepingWhole(int[] tokens)
    {
        var text = _subwords.Decode(tokens);
        return
            tokens.Length > 0
            && _subwords.LeavesWordOpen(tokens[^1])
            && _phrases.Any(phrase => WholeWords.AreOpen(phrase.Text) && WholeWords.End(text, phrase.Text))
            ? _newWords.Value
            : [];
    }

    /// <summary>
    /// Length in tokens of the longest proper start of a phrase that the output ends with.
    /// </summary>
    private static int Begun(int[] phrase, int[] tokens)
    {
        for (var length = Math.Min(phrase.Length - 1, tokens.Length); length > 0; length--)
        {
            if (tokens.AsSpan(tokens.Length - length).SequenceEqual(phrase.AsSpan(0, length)))
            {
                return length;
            }
        }

        return 0;
    }
}
