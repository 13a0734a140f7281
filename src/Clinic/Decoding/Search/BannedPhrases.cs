using System.Numerics;
using TransformerClinic.Text;

namespace TransformerClinic.Decoding.Search;

/// <summary>
/// Words and phrases that no output may contain as whole words, however they are split into subwords: if an output ends
/// with one, only a token that continues its last word may follow.
/// </summary>
internal sealed class BannedPhrases
{
    private readonly SubwordModel _subwords;
    private readonly string[] _phrases;

    /// <summary>Bans phrases, as the subword model normalizes them; empty ones ban nothing.</summary>
    public BannedPhrases(SubwordModel subwords, IEnumerable<string> phrases)
    {
        _subwords = subwords;
        _phrases = [.. phrases.Select(subwords.Normalize).Where(phrase => phrase.Length > 0)];
    }

    /// <summary>Whether a text contains none of them.</summary>
    public bool NoneIn(string text) => !_phrases.Any(phrase => WholeWords.Contain(text, phrase));

    /// <summary>
    /// Sets the log-probabilities <c>[vocabulary]</c> of tokens that would complete a phrase in a hypothesis to minus
    /// infinity.
    /// </summary>
    internal void RuleOut<T>(PartialHypothesis hypothesis, Span<T> logProbabilities)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tokens = hypothesis.Tokens;
        var text = _subwords.Decode(tokens);
        var mayContinue = tokens.Length == 0 || _subwords.LeavesWordOpen(tokens[^1]);
        foreach (var phrase in _phrases)
        {
            if (
                mayContinue && WholeWords.AreOpen(phrase)
                    ? WholeWords.ContainBeforeEnd(text, phrase)
                    : WholeWords.Contain(text, phrase)
            )
            {
                // The phrase is spelled in bytes, has its own trailing space or marks its end, which shows only now.
                logProbabilities.Fill(T.NegativeInfinity);
            }
            else if (!WholeWords.AreOpen(phrase))
            {
                RuleOutEndOf(phrase, mayContinue ? text : text + ' ', logProbabilities);
            }
            else if (WholeWords.End(text, phrase))
            {
                RuleOutNewWords(logProbabilities);
            }
        }
    }

    /// <summary>Rules out what ends the last word.</summary>
    private void RuleOutNewWords<T>(Span<T> logProbabilities)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var token = 0; token < logProbabilities.Length; token++)
        {
            if (
                token < Vocabulary.Marks
                || (_subwords.TextOf(token) is { Length: > 0 } piece && !WholeWords.Continue(piece))
            )
            {
                logProbabilities[token] = T.NegativeInfinity;
            }
        }
    }

    /// <summary>
    /// Rules out what completes a phrase that is complete whatever follows, such as one that ends with a period.
    /// </summary>
    private void RuleOutEndOf<T>(string phrase, string text, Span<T> logProbabilities)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var token = Vocabulary.Marks; token < logProbabilities.Length; token++)
        {
            var piece = _subwords.TextOf(token);
            if (piece.Contains(phrase[^1], StringComparison.Ordinal) && WholeWords.Contain(text + piece, phrase))
            {
                logProbabilities[token] = T.NegativeInfinity;
            }
        }
    }
}
