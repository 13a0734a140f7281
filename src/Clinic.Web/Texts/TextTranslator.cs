using TransformerClinic.Decoding;
using TransformerClinic.Documents;
using TransformerClinic.Documents.Segments.Placeholders;
using TransformerClinic.Web.Batching;

namespace TransformerClinic.Web.Texts;

/// <summary>A sentence of a text and its translation.</summary>
/// <param name="Source">The sentence.</param>
/// <param name="Result">Its translation.</param>
internal sealed record SentenceResult(string Source, Translation Result)
{
    /// <summary>
    /// The translation around the placeholders of the sentence, where the search would have changed some; null
    /// elsewhere.
    /// </summary>
    public string? AroundPlaceholders { get; init; }

    /// <summary>What takes the sentence's place: its translation, or itself if it could not be translated.</summary>
    public string Text =>
        AroundPlaceholders ?? (Result.Problem is null || Result.Hypotheses.Count > 0 ? Result.Text : Source);
}

/// <summary>A translated text.</summary>
/// <param name="Text">The translation, with what was between the sentences as it was.</param>
/// <param name="Sentences">Its sentences.</param>
internal sealed record TextResult(string Text, IReadOnlyList<SentenceResult> Sentences)
{
    /// <summary>The pieces of its source, in a row.</summary>
    public IReadOnlyList<TextPiece> Pieces { get; init; } = [];

    /// <summary>The text with something else in the places of its sentences.</summary>
    public string With(Func<SentenceResult, string> replacement)
    {
        var next = 0;
        return string.Concat(Pieces.Select(piece => piece.IsSentence ? replacement(Sentences[next++]) : piece.Text));
    }
}

/// <summary>
/// Translates texts: cuts each into sentences, has all of them translated at once, and puts the translations into the
/// places of the sentences.
/// </summary>
internal sealed class TextTranslator(SentenceBatcher batcher, TextCutter cutter, ModelSegments segments)
{
    /// <summary>A translation for every text, in their order.</summary>
    /// <exception cref="QueueFullException">The queue is full.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public async Task<IReadOnlyList<TextResult>> TranslateAsync(
        TextOrder order,
        IReadOnlyList<string> texts,
        CancellationToken stop
    )
    {
        var (cut, translations) = await StartAsync(order, texts, stop);
        var results = new Queue<SentenceResult>(await Task.WhenAll(translations));
        return [.. cut.Select(pieces => Joined(pieces, results))];
    }

    /// <summary>The sentences of all texts, a sentence at a time as they are done, in their order.</summary>
    /// <returns>The number of the text, from 0, and the sentence.</returns>
    /// <inheritdoc cref="TranslateAsync"/>
    public async IAsyncEnumerable<(int Text, SentenceResult Sentence)> SentencesAsync(
        TextOrder order,
        IReadOnlyList<string> texts,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop
    )
    {
        var (cut, translations) = await StartAsync(order, texts, stop);
        var next = 0;
        foreach (var (number, pieces) in cut.Index())
        {
            foreach (var piece in pieces.Where(piece => piece.IsSentence))
            {
                yield return (number, await translations[next++]);
            }
        }
    }

    private async Task<SentenceResult> ResultAsync(
        TextOrder order,
        string sentence,
        Task<Translation> translation,
        CancellationToken stop
    )
    {
        var result = new SentenceResult(sentence, await translation);
        if (!order.KeepsPlaceholders || PlaceholderCounts.Same(sentence, result.Text))
        {
            return result;
        }

        var around = segments.For(order.Model, order.Admission).TranslateAsync([new MarkedText(sentence)], stop);
        return result with { AroundPlaceholders = (await around)[0].Text.Plain };
    }

    private static TextResult Joined(IReadOnlyList<TextPiece> pieces, Queue<SentenceResult> results)
    {
        List<SentenceResult> sentences = [.. pieces.Where(piece => piece.IsSentence).Select(_ => results.Dequeue())];
        var text = new TextResult("", sentences) { Pieces = pieces };
        return text with { Text = text.With(sentence => sentence.Text) };
    }

    private async Task<(List<IReadOnlyList<TextPiece>> Cut, List<Task<SentenceResult>> Translations)> StartAsync(
        TextOrder order,
        IReadOnlyList<string> texts,
        CancellationToken stop
    )
    {
        var cut = texts.Select(text => cutter.Cut(text, order.Split, order.Model)).ToList();
        var sentences = cut.SelectMany(pieces => pieces)
            .Where(piece => piece.IsSentence)
            .Select(
                (piece, number) =>
                    new TranslationRequest(piece.Text)
                    {
                        Number = number,
                        Required = order.Required,
                        Banned = order.Banned,
                    }
            )
            .ToList();
        var translations = await batcher.StartAsync(order.Model, order.Settings, sentences, order.Admission, stop);

        // All at once: sentences that are translated around their placeholders share batches, too.
        return (
            cut,
            [
                .. sentences.Zip(
                    translations,
                    (sentence, translation) => ResultAsync(order, sentence.Text, translation, stop)
                ),
            ]
        );
    }
}
