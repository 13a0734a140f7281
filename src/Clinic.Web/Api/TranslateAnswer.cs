using System.Text.Json.Serialization;
using TransformerClinic.Decoding;
using TransformerClinic.Text;
using TransformerClinic.Web.Models;
using TransformerClinic.Web.Texts;

namespace TransformerClinic.Web.Api;

/// <summary>What <c>POST /v1/translate</c> answers.</summary>
/// <param name="Model">The model that translated.</param>
/// <param name="Source">The language of the texts.</param>
/// <param name="Target">The language of the translations.</param>
/// <param name="Translations">A translation for each text, in their order.</param>
internal sealed record TranslateAnswer(
    string Model,
    string Source,
    string Target,
    IReadOnlyList<TextTranslation> Translations
);

/// <summary>The translation of a text.</summary>
/// <param name="Text">The translation.</param>
/// <param name="Sentences">Its sentences.</param>
internal sealed record TextTranslation(string Text, IReadOnlyList<SentenceTranslation> Sentences)
{
    /// <summary>The answer for a text.</summary>
    public static TextTranslation Of(TextResult result, ServedModel model, TranslateRequest request) =>
        new(result.Text, [.. result.Sentences.Select(sentence => SentenceTranslation.Of(sentence, model, request))]);
}

/// <summary>The translation of a sentence.</summary>
/// <param name="Source">The sentence.</param>
/// <param name="Translation">Its best translation.</param>
/// <param name="Score">
/// The logarithm of its probability per subword: it compares translations of one sentence and does not measure their
/// quality.
/// </param>
internal sealed record SentenceTranslation(string Source, string Translation, double Score)
{
    /// <summary>Why it could not be translated as required; absent if it was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Problem { get; init; }

    /// <summary>
    /// Whether it was translated around its placeholders, which the search would have changed; score and alternatives
    /// are the search's. Absent if it was not.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AroundPlaceholders { get; init; }

    /// <summary>The best translations, the best first; absent unless requested.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Alternative>? Alternatives { get; init; }

    /// <summary>The answer for a sentence.</summary>
    public static SentenceTranslation Of(SentenceResult sentence, ServedModel model, TranslateRequest request) =>
        new(sentence.Source, sentence.Text, sentence.Result.Score)
        {
            Problem = sentence.Result.Problem,
            AroundPlaceholders = sentence.AroundPlaceholders is not null,
            Alternatives = request is { Alternatives: 1, Scores: false, Alignment: false }
                ? null
                :
                [
                    .. sentence
                        .Result.Hypotheses.Take(request.Alternatives)
                        .Select(hypothesis => Alternative.Of(hypothesis, sentence.Result, model.Subwords, request)),
                ],
        };
}

/// <summary>One of the translations of a sentence.</summary>
/// <param name="Text">The translation.</param>
/// <param name="Score">The logarithm of its probability per subword.</param>
internal sealed record Alternative(string Text, double Score)
{
    /// <summary>Its subwords with the logarithm of each one's probability, the end mark last; absent unless
    /// requested.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ScoredSubword>? Subwords { get; init; }

    /// <summary>
    /// Which words belong together, as <c>source-target</c> pairs from 0, words being separated by white space; absent
    /// unless requested.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Alignment { get; init; }

    /// <summary>The answer for a hypothesis.</summary>
    public static Alternative Of(
        Hypothesis hypothesis,
        Translation translation,
        SubwordModel subwords,
        TranslateRequest request
    ) =>
        new(subwords.Decode(hypothesis.Tokens), hypothesis.Score)
        {
            Subwords = request.Scores
                ?
                [
                    .. hypothesis.Tokens.Zip(
                        hypothesis.TokenLogProbabilities,
                        (id, value) => new ScoredSubword(subwords.Vocabulary[id], value)
                    ),
                ]
                : null,
            Alignment = request.Alignment
                ? AttentionAlignment.Text(AttentionAlignment.Of(subwords, translation.Source, hypothesis))
                : null,
        };
}

/// <summary>A subword of a translation.</summary>
/// <param name="Text">The subword.</param>
/// <param name="LogProbability">The natural logarithm of its probability.</param>
internal sealed record ScoredSubword(string Text, float LogProbability);
