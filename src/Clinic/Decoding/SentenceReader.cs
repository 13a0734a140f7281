using TransformerClinic.Common;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Text;

namespace TransformerClinic.Decoding;

/// <summary>From lines and demands in text to sentences and demands in subwords.</summary>
internal sealed class SentenceReader(SubwordModel subwords, int maxPositions, SearchMethod? method)
{
    /// <summary>
    /// The sentence, or none for an empty line and for one that cannot be translated, with the reason.
    /// </summary>
    /// <exception cref="UserErrorException">Words are required of a method that cannot bring them in.</exception>
    public (SourceSentence? Sentence, string? Problem) Read(TranslationRequest request)
    {
        if (request.Required.Count > 0 && method is not (null or MostProbable))
        {
            throw new UserErrorException("Required words need beam search: leave sampling or diverse groups out.");
        }

        var source = subwords.Encode(request.Text);
        var prefix = subwords.Encode(request.Prefix);
        var problem =
            Problem(source.Length, "line", "reads", "Split it into sentences.")
            ?? Problem(prefix.Length, "prefix", "writes", "Take a shorter one.");
        return source.Length == 0 || problem is not null
            ? (null, problem)
            : (
                new SourceSentence([.. source, Vocabulary.EndOfSentence])
                {
                    Number = request.Number,
                    Prefix = prefix,
                    Banned = request.Banned.Count == 0 ? null : new BannedPhrases(subwords, request.Banned),
                    Required = request.Required.Count == 0 ? null : new RequiredPhrases(subwords, request.Required),
                },
                null
            );
    }

    private string? Problem(int length, string what, string does, string mend) =>
        length < maxPositions
            ? null
            : $"The {what} has {length + 1} subwords with its end mark; the model {does} at most {maxPositions}. "
                + $"{mend}";
}
