using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TransformerClinic.Model;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Decoding;

/// <summary>
/// Beam search: <c>beam</c> hypotheses a sentence grow token by token, each step keeping those of the highest
/// log-probability; a finished one scores <c>log P(y | x) / |y| ^ lengthPenalty</c>. A beam of 1 is greedy search. Of several models
/// the probabilities are averaged: <c>log P = log((1/n) sum_m P_m)</c> at every step, as fairseq's ensembles do.
/// </summary>
/// <remarks>
/// The rules are fairseq's: of the <c>2 * beam</c> best candidates an end mark among the first <c>beam</c> finishes its hypothesis;
/// a sentence ends as soon as <c>beam</c> are finished. A batch's other sentences change no result, unless
/// <see cref="DecodingOptions.MaxLengthOf"/> asks for that. Other methods only choose other candidates.
/// </remarks>
/// <param name="models">The models; of one vocabulary, on one device, in one precision.</param>
/// <param name="options">How is searched.</param>
/// <param name="method">What candidates each step keeps; null keeps the most probable.</param>
public sealed class BeamSearch(IReadOnlyList<Transformer> models, DecodingOptions options, SearchMethod? method = null)
{
    private readonly ICandidateSelection _selection = (method ?? new MostProbable()).Selection(options, models[0]);
    private readonly RequiredSelection _required = new(options, models[0]);

    /// <summary>A search with one model.</summary>
    public BeamSearch(Transformer model, DecodingOptions options)
        : this([model], options)
    {
    }

    /// <summary>The finished hypotheses of each source, best first, at most <c>beam</c> of them and at least one.</summary>
    /// <param name="sources">Ids of the sources, each ending with the end mark and no longer than the model's positions.</param>
    /// <param name="cancellation">Looked at before every step.</param>
    /// <exception cref="ArgumentException">A source is empty or longer than the model's positions.</exception>
    /// <exception cref="UserErrorException">The model's output is not a number.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    [OverloadResolutionPriority(1)]
    public IReadOnlyList<IReadOnlyList<Hypothesis>> Search(IReadOnlyList<int[]> sources, CancellationToken cancellation = default) =>
        Search([.. sources.Select((source, number) => new SourceSentence(source) { Number = number })], cancellation);

    /// <summary>The same for sentences with demands of their own.</summary>
    public IReadOnlyList<IReadOnlyList<Hypothesis>> Search(IReadOnlyList<SourceSentence> sources, CancellationToken cancellation = default)
    {
        if (sources.Count == 0)
        {
            return [];
        }

        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var width = sources.Max(source => source.Tokens.Length);
        var sentences = sources.Select(source => Begin(source, width)).ToList();
        var rectangle = Rectangle(sources, width);
        List<DecoderCache> caches = [.. models.Select(model => model.StartDecoding(model.Encode(rectangle)))];
        try
        {
            for (var open = sentences; open.Count > 0;)
            {
                cancellation.ThrowIfCancellationRequested();
                using var step = NewDisposeScope();
                Advance(open, caches);
                open = Continue(open, caches);
            }
        }
        finally
        {
            caches.ForEach(cache => cache.Dispose());
        }

        return [.. sentences.Select(sentence => sentence.Finished)];
    }

    private Device Device => models[0].Embeddings.Source.device;

    private int VocabularySize => models[0].Vocabulary;

    private SentenceSearch Begin(SourceSentence source, int width)
    {
        var positions = models.Min(model => model.Options.MaxPositions);
        if (source.Tokens.Length == 0 || source.Tokens.Length > positions)
        {
            throw new ArgumentException($"A source has {source.Tokens.Length} tokens; the model reads 1 to {positions}.", nameof(source));
        }

        // One position of the output is the end mark that decoding starts from.
        var length = options.MaxLengthOf == SourceLength.Batch ? width : source.Tokens.Length;
        var maxLength = Math.Max((options.MaxLengthA * length) + options.MaxLengthB, source.Prefix.Length);
        return new SentenceSearch(
            options, source, (int)Math.Min((options.MinLengthA * length) + options.MinLength, positions), (int)Math.Min(maxLength, positions - 1));
    }

    private Tensor Rectangle(IReadOnlyList<SourceSentence> sources, int width)
    {
        var ids = new long[sources.Count * width];
        Array.Fill(ids, models[0].Padding);
        for (var row = 0; row < sources.Count; row++)
        {
            var tokens = sources[row].Tokens;
            Array.Copy(tokens, 0, ids, row * width, tokens.Length);
        }

        return tensor(ids, [sources.Count, width], device: Device);
    }

    /// <summary>One step of all open sentences.</summary>
    private void Advance(List<SentenceSearch> open, List<DecoderCache> caches)
    {
        var ids = open.SelectMany(sentence => sentence.Beam).Select(hypothesis => (long)hypothesis.Token).ToArray();
        var tokens = tensor(ids, [open.Count, open[0].Beam.Count], device: Device);
        var logProbabilities = ModelAverage.LogProbabilities([.. models.Zip(caches, (model, cache) => model.DecodeStep(tokens, cache))], options.Temperature).cpu();
        if (logProbabilities.dtype == ScalarType.Float64)
        {
            Advance<double>(open, logProbabilities);
        }
        else
        {
            Advance<float>(open, logProbabilities);
        }
    }

    private void Advance<T>(List<SentenceSearch> open, Tensor logProbabilities)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var rows = MemoryMarshal.Cast<byte, T>(logProbabilities.bytes);
        var size = open[0].Beam.Count * VocabularySize;
        for (var i = 0; i < open.Count; i++)
        {
            open[i].Advance(Best<T>(open[i], rows.Slice(i * size, size)));
        }
    }

    /// <summary>A sentence's best candidates; its log-probabilities <c>[beam, vocabulary]</c> are changed on the way.</summary>
    private ReadOnlySpan<Candidate> Best<T>(SentenceSearch sentence, Span<T> logProbabilities)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var row = 0; row < sentence.Beam.Count; row++)
        {
            var next = logProbabilities.Slice(row * VocabularySize, VocabularySize);
            if (T.IsNaN(next[0]))
            {
                // The softmax spreads one value that is not a number over the whole row.
                throw new UserErrorException("The model's output is not a number: its weights are damaged or its training diverged. Use an earlier checkpoint.");
            }

            if (!sentence.MustEnd)
            {
                ChangeLogProbabilities(sentence, sentence.Beam[row], next);
            }
        }

        var best = sentence.MustEnd ? [] : SelectionFor(sentence).Select(sentence, logProbabilities);

        // The longest output ends, and so does one that no token may follow.
        return best.IsEmpty ? Ends(sentence, logProbabilities) : best;
    }

    private ICandidateSelection SelectionFor(SentenceSearch sentence) => sentence.Source.Required is null ? _selection : _required;

    private ReadOnlySpan<Candidate> Ends<T>(SentenceSearch sentence, ReadOnlySpan<T> logProbabilities)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var top = new TopCandidates(2 * options.Beam, models[0].Padding);
        for (var row = 0; row < sentence.Beam.Count; row++)
        {
            top.OfferEnd(row, sentence.Beam[row].LogProbability, logProbabilities.Slice(row * VocabularySize, VocabularySize));
        }

        return top.Best;
    }

    private void ChangeLogProbabilities<T>(SentenceSearch sentence, PartialHypothesis hypothesis, Span<T> next)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (sentence.Length < sentence.Source.Prefix.Length)
        {
            var forced = sentence.Source.Prefix[sentence.Length];
            next[..forced].Fill(T.NegativeInfinity);
            next[(forced + 1)..].Fill(T.NegativeInfinity);
            return;
        }

        if (options.UnknownPenalty != 0)
        {
            next[Vocabulary.Unknown] -= T.CreateChecked(options.UnknownPenalty);
        }

        if (options.NoRepeatNgram > 0)
        {
            RepeatedNgrams.RuleOut(hypothesis, options.NoRepeatNgram, next);
        }

        sentence.Source.Banned?.RuleOut(hypothesis, next);
    }

    /// <summary>The sentences that are not done; the caches follow.</summary>
    private List<SentenceSearch> Continue(List<SentenceSearch> open, List<DecoderCache> caches)
    {
        var remaining = Enumerable.Range(0, open.Count).Where(i => !open[i].Done).ToArray();
        if (remaining.Length == 0)
        {
            return [];
        }

        if (remaining.Length < open.Count)
        {
            var kept = tensor(remaining.Select(i => (long)i).ToArray(), device: Device);
            caches.ForEach(cache => cache.KeepSources(kept));
            open = [.. remaining.Select(i => open[i])];
        }

        var rows = open.SelectMany(sentence => sentence.Beam).Select(hypothesis => (long)hypothesis.Parent!.Row).ToArray();
        var parents = tensor(rows, [open.Count, options.Beam], device: Device);
        caches.ForEach(cache => cache.Reorder(parents));
        return open;
    }
}
