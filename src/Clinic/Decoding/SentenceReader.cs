using TransformerClinic.Common;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Text;

namespace TransformerClinic.Decoding;

/// <summary>Turns lines and requirements in text into sentences and requirements in subwords.</summary>
internal sealed class SentenceReader(SubwordModel subwords, int maxPositions, SearchMethod? method)
{
    /// <summary>
    /// The sentence; for an empty line, and for one that cannot be translated, none, with the reason.
    /// </summary>
    /// <exception cref="UserErrorException">Words are required from a method that cannot include them.</exception>
    public (SourceSentence? Sentence, string? Problem) Read(TranslationRequest request)
    {
        if (request.Required.Count > 0 && method is not (null or MostProbable))
        {
            throw new UserErrorException("Required words need beam search: remove sampling or diverse groups.");
        }

        var source = subwords.Encode(request.Text);
        var prefix = subwords.EncodeTarget(request.Prefix);
        var problem =
            Problem(source.Length, "line", "reads", "Split it into sentences.")
            ?? Problem(prefix.Length, "prefix", "writes", "Use a shorter one.");
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
            : $"The {what} has {length + 1} subwords with its end mark, but the model {does} at most {maxPositions}. "
                + $"{mend}";
}
