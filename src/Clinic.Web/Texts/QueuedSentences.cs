using TransformerClinic.Decoding;
using TransformerClinic.Documents;
using TransformerClinic.Web.Batching;
using TransformerClinic.Web.Models;

namespace TransformerClinic.Web.Texts;

/// <summary>Sentences of documents wait in the service's queue, a stretch at a time, and share batches with those of
/// all other requests.</summary>
/// <param name="batcher">Where they wait.</param>
/// <param name="model">What translates them.</param>
/// <param name="admission">What happens when the queue is full.</param>
internal sealed class QueuedSentences(SentenceBatcher batcher, ServedModel model, Admission admission)
    : ISentenceTranslator
{
    /// <summary>Sentences that wait at the same time: enough for batches of like length, and no more.</summary>
    private const int Stretch = 256;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TranslatedSentence>> TranslateAsync(
        IReadOnlyList<string> sentences,
        bool align,
        CancellationToken stop
    )
    {
        var settings = new SearchSettings { Attention = align };
        var translated = new List<TranslatedSentence>(sentences.Count);
        foreach (var stretch in sentences.Chunk(Stretch))
        {
            var requests = stretch.Select(
                (sentence, number) => new TranslationRequest(sentence) { Number = translated.Count + number }
            );
            translated.AddRange(
                (await batcher.TranslateAsync(model, settings, [.. requests], admission, stop)).Select(Result)
            );
        }

        return translated;

        TranslatedSentence Result(Translation translation) =>
            new(
                translation.Text,
                align && translation.Hypotheses is [var best, ..]
                    ? AttentionAlignment.Of(model.Subwords, translation.Source, best)
                    : [],
                translation.Problem
            );
    }
}
