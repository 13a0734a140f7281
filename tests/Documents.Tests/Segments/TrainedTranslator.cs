using TransformerClinic.Common;
using TransformerClinic.Decoding;
using TransformerClinic.Runs;

namespace TransformerClinic.Documents.Tests.Segments;

/// <summary>A trained model as a translator of sentences.</summary>
internal sealed class TrainedTranslator(string folder) : ISentenceTranslator, IDisposable
{
    private readonly Ensemble _ensemble = Ensemble.Load([folder], Devices.Open(DeviceName.Cpu));

    public Task<IReadOnlyList<TranslatedSentence>> TranslateAsync(
        IReadOnlyList<string> sentences,
        bool align,
        CancellationToken stop
    )
    {
        using var translator = new Translator(
            _ensemble.Models,
            _ensemble.Subwords,
            _ensemble.Config.Decoding,
            new TranslatorOptions { Attention = true }
        );
        IReadOnlyList<TranslatedSentence> translated =
        [
            .. translator
                .Translate(sentences, cancellation: stop)
                .Select(one => new TranslatedSentence(
                    one.Text,
                    one.Hypotheses.Count == 0
                        ? []
                        : AttentionAlignment.Of(_ensemble.Subwords, one.Source, one.Hypotheses[0]),
                    one.Problem
                )),
        ];
        return Task.FromResult(translated);
    }

    public void Dispose() => _ensemble.Dispose();
}
