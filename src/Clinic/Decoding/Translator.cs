using System.Runtime.CompilerServices;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Model;
using TransformerClinic.Text;

namespace TransformerClinic.Decoding;

/// <summary>
/// Text in, text out: lines to subwords, beam search in batches of similar lengths, subwords to lines. Batches are
/// divided among worker threads; their number does not change any result. Translates one set of lines at a time.
/// </summary>
internal sealed class Translator : IDisposable
{
    private readonly BatchTranslator _batches;
    private readonly WorkerThreads _workers;

    /// <summary>A translator with a model.</summary>
    /// <param name="model">The model; its weights are only read.</param>
    /// <param name="subwords">The subword model that it was trained with.</param>
    /// <param name="options">How to search.</param>
    /// <param name="workers">
    /// Threads that decode in parallel; 0 for one per processor. Use 1 for a model on a GPU.
    /// </param>
    /// <exception cref="UserErrorException">
    /// The subword model belongs to another model, or an option has a value that is not allowed.
    /// </exception>
    public Translator(Transformer model, SubwordModel subwords, DecodingOptions options, int workers = 0)
        : this([model], subwords, options, new TranslatorOptions { Workers = workers }) { }

    /// <summary>A translator with one or several models, whose probabilities are averaged.</summary>
    /// <param name="models">The models, with the same subwords.</param>
    /// <param name="subwords">The subword model that they were trained with.</param>
    /// <param name="options">How to search.</param>
    /// <param name="also">Further options.</param>
    /// <exception cref="UserErrorException">
    /// The subword model belongs to another model, an option has a value that is not allowed, or the options do not go
    /// together.
    /// </exception>
    public Translator(
        IReadOnlyList<Transformer> models,
        SubwordModel subwords,
        DecodingOptions options,
        TranslatorOptions also
    )
        : this([.. models.Select(SearchedModel.Of)], subwords, options, also) { }

    /// <inheritdoc cref="Translator(IReadOnlyList{Transformer}, SubwordModel, DecodingOptions, TranslatorOptions)"/>
    public Translator(
        IReadOnlyList<SearchedModel> models,
        SubwordModel subwords,
        DecodingOptions options,
        TranslatorOptions also
    )
    {
        _batches = new BatchTranslator(models, subwords, options, also);
        _workers = new WorkerThreads(
            also.Workers == 0 ? Environment.ProcessorCount : also.Workers,
            _batches.NeedsLibtorch
        );
    }

    /// <summary>A translation for every line, in the order of the lines.</summary>
    /// <param name="lines">Lines of source text.</param>
    /// <param name="progress">Receives the number of finished lines after every batch, on whichever thread did
    /// it.</param>
    /// <param name="cancellation">Checked before every step of the search.</param>
    /// <exception cref="UserErrorException">The model's output is not a number.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    [OverloadResolutionPriority(1)]
    public IReadOnlyList<Translation> Translate(
        IReadOnlyList<string> lines,
        IProgress<(int Done, int Total)>? progress = null,
        CancellationToken cancellation = default
    ) =>
        Translate(
            [.. lines.Select((line, number) => new TranslationRequest(line) { Number = number })],
            progress,
            cancellation
        );

    /// <summary>A translation for every request, in order.</summary>
    /// <inheritdoc cref="Translate(IReadOnlyList{string}, IProgress{ValueTuple{int, int}}?, CancellationToken)"/>
    public IReadOnlyList<Translation> Translate(
        IReadOnlyList<TranslationRequest> requests,
        IProgress<(int Done, int Total)>? progress = null,
        CancellationToken cancellation = default
    )
    {
        var translations = new Translation[requests.Count];
        var sources = new List<SourceSentence>();
        var places = new List<int>();
        for (var i = 0; i < requests.Count; i++)
        {
            var (source, problem) = _batches.Read(requests[i]);
            translations[i] = new Translation("", [], problem);
            if (source is not null)
            {
                sources.Add(source);
                places.Add(i);
            }
        }

        if (sources.Count > 0)
        {
            var done = requests.Count - sources.Count;
            var batches = Batches(sources);
            _workers.ForEach(
                batches.Count,
                (_, item) =>
                {
                    var batch = batches[item];
                    var found = _batches.Translate(
                        [.. batch.Select(sentence => sources[sentence])],
                        null,
                        cancellation
                    );
                    foreach (var (sentence, translation) in batch.Zip(found))
                    {
                        translations[places[sentence]] = translation!;
                    }

                    progress?.Report((Interlocked.Add(ref done, batch.Length), requests.Count));
                }
            );
        }

        return translations;
    }

    /// <inheritdoc/>
    public void Dispose() => _workers.Dispose();

    /// <summary>
    /// Longest first, so that no worker is left with the longest batch at the end; at least one batch for each worker,
    /// unless results depend on batches.
    /// </summary>
    private List<int[]> Batches(List<SourceSentence> sources)
    {
        var workers = _batches.Options.MaxLengthOf == SourceLength.Batch ? 1 : _workers.Count;
        var batches = new TokenBatches(
            [.. sources.Select(source => new ParallelExample(source.Tokens, []))],
            _batches.Options.TokensPerBatch,
            (sources.Count + workers - 1) / workers
        );
        return [.. batches.InOrderOfLength().Reverse()];
    }
}

/// <summary>The result for one line.</summary>
/// <param name="Text">The best translation; empty for an empty line and for one that could not be translated.</param>
/// <param name="Hypotheses">Everything the search finished, best first; none for a line that was not searched.</param>
/// <param name="Problem">
/// Why the line could not be translated as required, and how to fix it; null if it was.
/// </param>
public sealed record Translation(string Text, IReadOnlyList<Hypothesis> Hypotheses, string? Problem = null)
{
    /// <summary>The score of the best hypothesis; 0 for a line that was not searched.</summary>
    public double Score => Hypotheses.Count == 0 ? 0 : Hypotheses[0].Score;

    /// <summary>The ids of the source, ending with the end mark; none for a line that was not searched.</summary>
    public int[] Source { get; init; } = [];
}
