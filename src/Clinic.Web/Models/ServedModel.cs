using System.Collections.Concurrent;
using TransformerClinic.Common;
using TransformerClinic.Decoding;
using TransformerClinic.Documents.Segments.Sentences;
using TransformerClinic.Files;
using TransformerClinic.Model;
using TransformerClinic.Runs;
using TransformerClinic.Text;
using TransformerClinic.Web.Batching;

namespace TransformerClinic.Web.Models;

/// <summary>
/// A loaded model. Its weights are packed once for each precision; searches with other settings share them. It is
/// disposed when it was replaced and the last request that uses it is done.
/// </summary>
internal sealed class ServedModel
{
    /// <summary>Searches that are kept; a client that varies its settings without end costs no more.</summary>
    private const int Searches = 64;

    private readonly Ensemble _ensemble;
    private readonly ConcurrentDictionary<DecodingPrecision, Lazy<IDecodingModel>> _packed = new();
    private readonly ConcurrentDictionary<SearchSettings, Lazy<BatchTranslator>> _translators = new();
    private int _users = 1;

    private ServedModel(string name, Ensemble ensemble, string hash) =>
        (Name, _ensemble, WeightsHash) = (name, ensemble, hash);

    /// <summary>The name of its folder.</summary>
    public string Name { get; }

    /// <summary>SHA-256 of its weights, in hexadecimal.</summary>
    public string WeightsHash { get; }

    /// <summary>The language that it reads, as its recipe names it.</summary>
    public string SourceLanguage => _ensemble.Config.SourceLanguage;

    /// <summary>The language that it writes.</summary>
    public string TargetLanguage => _ensemble.Config.TargetLanguage;

    /// <summary>Its subwords.</summary>
    public SubwordModel Subwords => _ensemble.Subwords;

    /// <summary>How its recipe searches.</summary>
    public DecodingOptions Decoding => _ensemble.Config.Decoding;

    /// <summary>Its shape.</summary>
    public ModelOptions Shape => _ensemble.Config.Model;

    /// <summary>Subwords that a sentence may have, the end mark included.</summary>
    public int LongestSentence => Shape.MaxPositions;

    /// <summary>Numbers in its weights.</summary>
    public long Parameters => _ensemble.Models[0].parameters().Sum(parameter => parameter.numel());

    /// <summary>Loads a model folder or a run's model, and translates one sentence, so that the first request finds
    /// everything in place.</summary>
    /// <exception cref="UserErrorException">There is no model, or a file of it is damaged.</exception>
    public static ServedModel Load(string folder, string name)
    {
        var ensemble = Ensemble.Load([folder], Devices.Open(DeviceName.Cpu));
        try
        {
            var model = new ServedModel(name, ensemble, ContentHash.OfFile(ModelSource.Find(folder).WeightsPath));
            model.WarmUp();
            return model;
        }
        catch
        {
            ensemble.Dispose();
            throw;
        }
    }

    /// <summary>The length of a sentence in subwords, the end mark included.</summary>
    public int LengthOf(string sentence) => Subwords.Encode(sentence).Length + 1;

    /// <summary>How sentences that are too long for it are split.</summary>
    public LongSentences Bound => new(LengthOf, LongestSentence);

    /// <summary>What translates batches with these settings.</summary>
    /// <exception cref="UserErrorException">The settings have a value that is not allowed.</exception>
    public BatchTranslator TranslatorFor(SearchSettings settings)
    {
        if (_translators.Count >= Searches && !_translators.ContainsKey(settings))
        {
            _translators.Clear();
        }

        return _translators.GetOrAdd(settings, wanted => new Lazy<BatchTranslator>(() => Translator(wanted))).Value;
    }

    /// <summary>Takes part in using it; false if it is on its way out.</summary>
    internal bool TryEnter()
    {
        for (var users = Volatile.Read(ref _users); users > 0; users = Volatile.Read(ref _users))
        {
            if (Interlocked.CompareExchange(ref _users, users + 1, users) == users)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Ends using it; the last one frees its memory.</summary>
    internal void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _ensemble.Dispose();
        }
    }

    private BatchTranslator Translator(SearchSettings settings) =>
        new(
            _ensemble.Models,
            Subwords,
            settings.Over(Decoding),
            new TranslatorOptions { Attention = settings.Attention, Kernels = Packed }
        );

    private IDecodingModel Packed(Transformer model, DecodingPrecision precision) =>
        _packed.GetOrAdd(precision, wanted => new Lazy<IDecodingModel>(() => DecodingModels.Of(model, wanted))).Value;

    private void WarmUp()
    {
        var translator = TranslatorFor(SearchSettings.Default);
        if (translator.Read(new TranslationRequest("a")).Sentence is { } sentence)
        {
            translator.Translate([sentence], null, CancellationToken.None);
        }
    }
}
