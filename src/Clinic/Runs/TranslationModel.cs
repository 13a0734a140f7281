using TransformerClinic.Common;
using TransformerClinic.Decoding;

namespace TransformerClinic.Runs;

/// <summary>
/// A trained model, or several of the same subwords whose probabilities are averaged, loaded to translate: text in,
/// text out. One set of lines at a time; their batches are shared out to threads.
/// </summary>
public sealed class TranslationModel : IDisposable
{
    private readonly Ensemble _ensemble;
    private readonly Translator _translator;

    private TranslationModel(Ensemble ensemble, Translator translator) =>
        (_ensemble, _translator) = (ensemble, translator);

    /// <summary>Loads a model folder, the model of a run folder, or a checkpoint of a run, for the processor.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="decoding">How to search; null searches as the model's recipe says.</param>
    /// <param name="also">What else to do; null does nothing else, with one thread per processor.</param>
    /// <exception cref="UserErrorException">
    /// There is no model, a file of it is damaged, or the options do not go together.
    /// </exception>
    public static TranslationModel Load(
        string folder,
        DecodingOptions? decoding = null,
        TranslatorOptions? also = null
    ) => Load([folder], decoding, also);

    /// <summary>Loads several models that work as one, for the processor.</summary>
    /// <inheritdoc cref="Load(string, DecodingOptions?, TranslatorOptions?)"/>
    public static TranslationModel Load(
        IReadOnlyList<string> folders,
        DecodingOptions? decoding = null,
        TranslatorOptions? also = null
    )
    {
        var ensemble = Ensemble.Open(folders, DeviceName.Cpu);
        try
        {
            var options = decoding ?? ensemble.Config.Decoding;
            return new TranslationModel(
                ensemble,
                new Translator(ensemble.Searched, ensemble.Subwords, options, also ?? new TranslatorOptions())
            );
        }
        catch
        {
            ensemble.Dispose();
            throw;
        }
    }

    /// <summary>The best translation of a line.</summary>
    /// <exception cref="UserErrorException">The line cannot be translated: it is too long, for instance.</exception>
    public string Translate(string line)
    {
        var translation = Translate([new TranslationRequest(line)])[0];
        return translation.Problem is { } problem ? throw new UserErrorException(problem) : translation.Text;
    }

    /// <summary>A translation for every request, in their order; many at once are faster than one by one.</summary>
    /// <param name="requests">The lines, and what is demanded of their translations.</param>
    /// <param name="progress">Told how many lines are done, after every batch, from whichever thread did it.</param>
    /// <param name="cancellation">Looked at before every step of the search.</param>
    /// <exception cref="UserErrorException">The model's output is not a number.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public IReadOnlyList<Translation> Translate(
        IReadOnlyList<TranslationRequest> requests,
        IProgress<(int Done, int Total)>? progress = null,
        CancellationToken cancellation = default
    ) => _translator.Translate(requests, progress, cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        _translator.Dispose();
        _ensemble.Dispose();
    }
}
