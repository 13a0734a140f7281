using TransformerClinic.Data;
using TransformerClinic.Model;
using TransformerClinic.Text;

namespace TransformerClinic.Decoding;

/// <summary>
/// Text in, text out: lines to subwords, beam search in batches of nearly equal lengths, subwords to lines. Batches are
/// shared out to worker threads; how many there are changes no result. Translates one set of lines at a time.
/// </summary>
public sealed class Translator : IDisposable
{
    private readonly Transformer _model;
    private readonly SubwordModel _subwords;
    private readonly DecodingOptions _options;
    private readonly WorkerThreads _workers;

    /// <summary>A translator with a model.</summary>
    /// <param name="model">The model; its weights are only read.</param>
    /// <param name="subwords">The subword model that it was trained with.</param>
    /// <param name="options">How to search.</param>
    /// <param name="workers">Threads that decode side by side; 0 for one a processor. Use 1 for a model on a GPU.</param>
    /// <exception cref="UserErrorException">The subword model belongs to another model.</exception>
    public Translator(Transformer model, SubwordModel subwords, DecodingOptions options, int workers = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(workers);
        if (model.Vocabulary != subwords.Vocabulary.Count)
        {
            throw new UserErrorException(
                $"The model has a vocabulary of {model.Vocabulary} subwords and the subword model one of {subwords.Vocabulary.Count}: they do not belong together. Take both from the same run.");
        }

        (_model, _subwords, _options) = (model, subwords, options);
        _workers = new WorkerThreads(workers == 0 ? Environment.ProcessorCount : workers);
    }

    /// <summary>A translation for every line, in the order of the lines.</summary>
    /// <param name="lines">Lines of source text.</param>
    /// <param name="progress">Told how many lines are done, after every batch, from whichever thread did it.</param>
    /// <param name="cancellation">Looked at before every step of the search.</param>
    /// <exception cref="UserErrorException">The model's output is not a number.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IReadOnlyList<Translation> Translate(IReadOnlyList<string> lines, IProgress<(int Done, int Total)>? progress = null, CancellationToken cancellation = default)
    {
        var translations = new Translation[lines.Count];
        var sources = new List<ParallelExample>();
        var places = new List<int>();
        for (var i = 0; i < lines.Count; i++)
        {
            var source = _subwords.Encode(lines[i]);
            translations[i] = new Translation("", [], Problem(source));
            if (source.Length > 0 && translations[i].Problem is null)
            {
                sources.Add(new ParallelExample([.. source, Vocabulary.EndOfSentence], []));
                places.Add(i);
            }
        }

        if (sources.Count > 0)
        {
            var done = lines.Count - sources.Count;
            var search = new BeamSearch(_model, _options);
            var batches = Batches(sources);
            _workers.ForEach(batches.Count, (_, item) =>
            {
                var batch = batches[item];
                var found = search.Search([.. batch.Select(example => sources[example].Source)], cancellation);
                foreach (var (example, hypotheses) in batch.Zip(found))
                {
                    translations[places[example]] = new Translation(_subwords.Decode(hypotheses[0].Tokens), hypotheses);
                }

                progress?.Report((Interlocked.Add(ref done, batch.Length), lines.Count));
            });
        }

        return translations;
    }

    /// <inheritdoc/>
    public void Dispose() => _workers.Dispose();

    /// <summary>Longest first, so that no worker is left with the longest batch at the end.</summary>
    private List<int[]> Batches(List<ParallelExample> sources) =>
        [.. new TokenBatches(sources, _options.TokensPerBatch).InOrderOfLength().Reverse()];

    private string? Problem(int[] source) => source.Length < _model.Options.MaxPositions
        ? null
        : $"The line has {source.Length + 1} subwords with its end mark; the model reads at most {_model.Options.MaxPositions}. Split it into sentences.";
}
