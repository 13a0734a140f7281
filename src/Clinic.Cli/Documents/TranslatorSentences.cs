using TransformerClinic.Decoding;
using TransformerClinic.Documents;
using TransformerClinic.Text;

namespace TransformerClinic.Cli.Documents;

/// <summary>
/// The engine's translator for the sentences of a document. Alignments take another pass, so that a translator that
/// computes them is only made when they are asked for; it gives the same translations.
/// </summary>
/// <param name="create">Makes a translator, with alignments or without.</param>
/// <param name="subwords">The subwords of the model.</param>
/// <param name="request">A sentence with its number as a request.</param>
internal sealed class TranslatorSentences(
    Func<bool, Translator> create,
    SubwordModel subwords,
    Func<string, long, TranslationRequest> request
) : ISentenceTranslator, IDisposable
{
    private Translator? _translator;
    private bool _aligns;
    private long _number;

    /// <inheritdoc/>
    public Task<IReadOnlyList<TranslatedSentence>> TranslateAsync(
        IReadOnlyList<string> sentences,
        bool align,
        CancellationToken stop
    )
    {
        List<TranslationRequest> requests = [.. sentences.Select((text, i) => request(text, _number + i))];
        _number += sentences.Count;
        var translations = Translator(align).Translate(requests, progress: null, stop);
        return Task.FromResult<IReadOnlyList<TranslatedSentence>>([
            .. translations.Select(translation => new TranslatedSentence(
                translation.Text,
                align && translation.Hypotheses.Count > 0
                    ? AttentionAlignment.Of(subwords, translation.Source, translation.Hypotheses[0])
                    : [],
                translation.Problem
            )),
        ]);
    }

    /// <inheritdoc/>
    public void Dispose() => _translator?.Dispose();

    private Translator Translator(bool align)
    {
        if (_translator is null || (align && !_aligns))
        {
            _translator?.Dispose();
            (_translator, _aligns) = (create(align), align);
        }

        return _translator;
    }
}
