using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Model;
using TransformerClinic.Text;

namespace TransformerClinic.Decoding;

/// <summary>The result for one pair.</summary>
/// <param name="Forced">The model's score of its target; null for a pair that was not scored.</param>
/// <param name="Score">
/// The log-probability divided by the length as a search's options say; 0 for a pair that was not scored.
/// </param>
/// <param name="Target">Ids of the target, the end mark included; none for a pair that was not scored.</param>
/// <param name="Problem">Why the pair was not scored and how to fix it; null if it was.</param>
internal sealed record ScoredPair(ForcedScore? Forced, double Score, int[] Target, string? Problem = null);

/// <summary>
/// Text in, log-probabilities out: forced scoring of sentence pairs in batches of similar lengths, which are divided
/// among worker threads. Scores one set of pairs at a time.
/// </summary>
internal sealed class PairScorer : IDisposable
{
    private readonly SubwordModel _subwords;
    private readonly ForcedScoring _forced;
    private readonly int _maxPositions;
    private readonly DecodingOptions _options;
    private readonly WorkerThreads _workers;

    /// <summary>A scorer with one or several models, whose probabilities are averaged.</summary>
    /// <param name="models">The models, with the same subwords; their weights are only read.</param>
    /// <param name="subwords">The subword model that they were trained with.</param>
    /// <param name="options">Temperature, division by length, and batch size.</param>
    /// <param name="workers">
    /// Threads that score in parallel; 0 for one per processor. Use 1 for a model on a GPU.
    /// </param>
    /// <exception cref="UserErrorException">An option has a value that is not allowed.</exception>
    public PairScorer(
        IReadOnlyList<Transformer> models,
        SubwordModel subwords,
        DecodingOptions options,
        int workers = 0
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegative(workers);
        (_subwords, _options) = (subwords, OptionCheck.Valid(options, "decoding"));
        _maxPositions = models.Min(model => model.Options.MaxPositions);
        _forced = new ForcedScoring(models, options.Temperature);
        _workers = new WorkerThreads(workers == 0 ? Environment.ProcessorCount : workers);
    }

    /// <summary>A score for every pair, in order.</summary>
    /// <param name="pairs">Sources and targets; an empty target is only the end mark.</param>
    /// <param name="progress">Receives the number of finished pairs after every batch, on whichever thread did
    /// it.</param>
    /// <param name="cancellation">Checked before every batch.</param>
    /// <exception cref="UserErrorException">The model's output is not a number.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public IReadOnlyList<ScoredPair> Score(
        IReadOnlyList<SentencePair> pairs,
        IProgress<(int Done, int Total)>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ParallelExample[] examples = [.. pairs.Select(pair => _subwords.Example(pair.Source, pair.Target))];
        ScoredPair[] scored = [.. examples.Select(example => new ScoredPair(null, 0, [], Problem(example)))];
        int[] places = [.. Enumerable.Range(0, pairs.Count).Where(i => scored[i].Problem is null)];
        if (places.Length > 0)
        {
            var done = pairs.Count - places.Length;
            var batches = new TokenBatches([.. places.Select(place => examples[place])], _options.TokensPerBatch)
                .InOrderOfLength()
                .Reverse()
                .ToList();
            _workers.ForEach(
                batches.Count,
                (_, item) =>
                {
                    cancellation.ThrowIfCancellationRequested();
                    int[] batch = [.. batches[item].Select(example => places[example])];
                    foreach (
                        var (place, score) in batch.Zip(_forced.Score([.. batch.Select(place => examples[place])]))
                    )
                    {
                        var target = examples[place].Target;
                        scored[place] = new ScoredPair(
                            score,
                            NormalizedScore.Of(score.LogProbability, target.Length, _options),
                            target
                        );
                    }

                    progress?.Report((Interlocked.Add(ref done, batch.Length), pairs.Count));
                }
            );
        }

        return scored;
    }

    /// <inheritdoc/>
    public void Dispose() => _workers.Dispose();

    private string? Problem(ParallelExample example) =>
        example.Source.Length == 1 ? "The source is empty."
        : Math.Max(example.Source.Length, example.Target.Length) is var length && length > _maxPositions
            ? $"A side has {length} subwords with its end mark, but the model reads at most {_maxPositions}. Split "
                + "the pair into sentences."
        : null;
}
