using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Scoring.Tokenizers;

namespace TransformerClinic.Scoring.TokenizedBleu;

/// <summary>
/// A sentence's tokens as <see cref="TokenizedBleuMetric"/> compares them. The sentence ends with the end mark. Padding
/// before it, and padding and end marks after it, are cut off, but one token always remains: an empty sentence is its
/// end mark.
/// </summary>
internal static class TokenizedSentence
{
    private const string Padding = "<pad>";
    private const string End = "</s>";
    private const string Unknown = "<unk>";

    // No word contains white space.
    private const string Unmatched = " ";

    /// <summary>
    /// Words separated by white space; those that name a special token of fairseq's dictionary are that token.
    /// </summary>
    public static string[] OfWords(string sentence, bool lowerCase) =>
        Trim([.. WhiteSpace.Split(lowerCase ? LowerCase.Of(sentence) : sentence), End]);

    /// <summary>Token ids, including the end mark.</summary>
    public static string[] OfIds(IReadOnlyList<int> ids, TokenizedBleuIds special)
    {
        if (ids.Count == 0)
        {
            throw new UserErrorException("A sentence of token ids has no id; it must contain at least its end mark.");
        }

        return Trim([.. ids.Select(id => Name(id, special))]);
    }

    /// <summary>The same in a reference, in which the unknown word matches nothing, not even itself.</summary>
    public static string[] AsReference(string[] tokens) =>
        [.. tokens.Select(token => token == Unknown ? Unmatched : token)];

    private static string Name(int id, TokenizedBleuIds special) =>
        id == special.Padding ? Padding
        : id == special.End ? End
        : id == special.Unknown ? Unknown
        : id.ToString(CultureInfo.InvariantCulture);

    private static string[] Trim(string[] tokens)
    {
        var (start, end) = (0, tokens.Length);
        while (end - start > 1 && tokens[start] == Padding)
        {
            start++;
        }

        while (end - start > 1 && tokens[end - 1] is Padding or End)
        {
            end--;
        }

        return tokens[start..end];
    }
}
