using TransformerClinic.Decoding;

namespace TransformerClinic.Web.Texts;

/// <summary>What else the search found for a text.</summary>
internal static class OtherTranslations
{
    /// <summary>
    /// Up to a number of further translations, different from the best and from each other, the better first: the
    /// second has the second-best translation of every sentence, and so on.
    /// </summary>
    /// <param name="result">The text's translation.</param>
    /// <param name="order">How it was translated.</param>
    /// <param name="count">How many to find.</param>
    public static IReadOnlyList<string> Of(TextResult result, TextOrder order, int count)
    {
        var deepest = result.Sentences.Select(sentence => sentence.Result.Hypotheses.Count).DefaultIfEmpty().Max();
        return
        [
            .. Enumerable
                .Range(1, Math.Max(0, deepest - 1))
                .Select(rank => result.With(sentence => TextOf(sentence, order, rank)))
                .Where(text => text != result.Text)
                .Distinct()
                .Take(count),
        ];
    }

    private static string TextOf(SentenceResult sentence, TextOrder order, int rank)
    {
        IReadOnlyList<Hypothesis> hypotheses = sentence.Result.Hypotheses;
        return hypotheses.Count > rank ? order.Model.Subwords.Decode(hypotheses[rank].Tokens) : sentence.Text;
    }
}
