using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using TransformerClinic.Common;
using TransformerClinic.Decoding.Packed;
using TransformerClinic.Model;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Decoding.Search;

/// <summary>
/// Beam search: <c>beam</c> hypotheses per sentence grow token by token, and each step keeps those with the highest
/// log-probability; a finished one scores <c>log P(y | x) / |y| ^ lengthPenalty</c>. A beam of 1 is greedy search. With
/// several models the probabilities are averaged: <c>log P = log((1/n) sum_m P_m)</c> at every step, as fairseq's
/// ensembles do.
/// </summary>
/// <remarks>
/// The rules are fairseq's: of the <c>2 * beam</c> best candidates an end mark among the first <c>beam</c> finishes its
/// hypothesis; a sentence ends as soon as <c>beam</c> are finished. The other sentences of a batch do not change a
/// result, unless <see cref="DecodingOptions.MaxLengthOf"/> asks for that. Other methods only choose other candidates.
/// </remarks>
internal sealed class BeamSearch
{
    private readonly IReadOnlyList<SearchedModel> _models;
    private readonly IReadOnlyList<IDecodingModel> _decoding;
    private readonly DecodingOptions _options;
    private readonly ICandidateSelection _selection;
    private readonly RequiredSelection _required;

    /// <summary>A search with several models, or one.</summary>
    /// <param name="models">
    /// The models; they share vocabulary, device and precision. Their weights must not change from now on.
    /// </param>
    /// <param name="options">How to search.</param>
    /// <param name="method">Which candidates each step keeps; null keeps the most probable.</param>
    /// <param name="kernels">What computes a model in a precision; null takes our own kernels if they can.</param>
    /// <exception cref="UserErrorException">
    /// An option has a value that is not allowed, the options do not go together, or the models cannot decode in that
    /// precision.
    /// </exception>
    public BeamSearch(
        IReadOnlyList<Transformer> models,
        DecodingOptions options,
        SearchMethod? method = null,
        Func<Transformer, DecodingPrecision, IDecodingModel>? kernels = null
    )
        : this([.. models.Select(SearchedModel.Of)], options, method, kernels) { }

    /// <inheritdoc cref="BeamSearch(IReadOnlyList{Transformer}, DecodingOptions, SearchMethod?,
    /// Func{Transformer, DecodingPrecision, IDecodingModel}?)"/>
    public BeamSearch(
        IReadOnlyList<SearchedModel> models,
        DecodingOptions options,
        SearchMethod? method,
        Func<Transformer, DecodingPrecision, IDecodingModel>? kernels
    )
    {
        OptionCheck.Valid(options, "decoding");
        (_models, _options) = (models, options);
        _decoding =
        [
            .. models.Select(model =>
                kernels is null ? model.In(options.Precision) : kernels(model.Module, options.Precision)
            ),
        ];
        NeedsLibtorch = _decoding is not [PackedTransformer { NeedsLibtorch: false }];
        _selection = (method ?? new MostProbable()).Selection(options, models[0]);
        _required = new RequiredSelection(options, models[0]);
    }

    /// <summary>A search with one model.</summary>
    public BeamSearch(Transformer model, DecodingOptions options)
        : this([model], options) { }

    /// <summary>Whether the search computes with operators of libtorch; by itself it does not load it.</summary>
    public bool NeedsLibtorch { get; }

    /// <summary>A search that uses only libtorch's operators, to compare the kernels with.</summary>
    internal static BeamSearch Plain(Transformer model, DecodingOptions options) =>
        new([model], options, kernels: (plain, _) => new TensorModel(plain));

    /// <summary>
    /// The finished hypotheses of each source, best first, at most <c>beam</c> of them and at least one.
    /// </summary>
    /// <param name="sources">
    /// Ids of the sources, each ending with the end mark and no longer than the model's positions.
    /// </param>
    /// <param name="cancellation">Checked before every step.</param>
    /// <exception cref="ArgumentException">A source is empty or longer than the model's positions.</exception>
    /// <exception cref="UserErrorException">The model's output is not a number.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    [OverloadResolutionPriority(1)]
    public IReadOnlyList<IReadOnlyList<Hypothesis>> Search(
        IReadOnlyList<int[]> sources,
        CancellationToken cancellation = default
    ) => Search([.. sources.Select((source, number) => new SourceSentence(source) { Number = number })], cancellation);

    /// <summary>The same for sentences with their own requirements.</summary>
    public IReadOnlyList<IReadOnlyList<Hypothesis>> Search(
        IReadOnlyList<SourceSentence> sources,
        CancellationToken cancellation = default
    ) => Search(sources, betweenSteps: null, cancellation);

    /// <summary>
    /// The same for somebody who has more to do between two steps. A sentence that was given up has what was finished
    /// by then, which may be nothing.
    /// </summary>
    /// <param name="sources">The sentences.</param>
    /// <param name="betweenSteps">Called before every step; may itself search.</param>
    /// <param name="cancellation">Checked before every step.</param>
    public IReadOnlyList<IReadOnlyList<Hypothesis>> Search(
        IReadOnlyList<SourceSentence> sources,
        Action? betweenSteps,
        CancellationToken cancellation
    )
    {
        if (sources.Count == 0)
        {
            return [];
        }

        using var inference = NeedsLibtorch ? inference_mode() : null;
        using var scope = NeedsLibtorch ? NewDisposeScope() : null;
        var width = sources.Max(source => source.Tokens.Length);
        var sentences = sources.Select(source => Begin(source, width)).ToList();
        int[][] ids = [.. sources.Select(source => source.Tokens)];
        List<IIncrementalDecoder> decoders = [.. _decoding.Select(model => model.Start(ids))];
        try
        {
            for (var open = sentences; open.Count > 0; )
            {
                cancellation.ThrowIfCancellationRequested();
                betweenSteps?.Invoke();
                using var step = NeedsLibtorch ? NewDisposeScope() : null;
                Advance(open, decoders);
                open = Continue(open, decoders);
            }
        }
        finally
        {
            decoders.ForEach(decoder => decoder.Dispose());
        }

        return [.. sentences.Select(sentence => sentence.Finished)];
    }

    /// <summary>
    /// Whether candidates are selected by libtorch's operators on the processor, too, as on other devices: to compare
    /// them.
    /// </summary>
    internal bool SelectsByOperators { get; init; }

    private int VocabularySize => _models[0].Vocabulary;

    private SentenceSearch Begin(SourceSentence source, int width)
    {
        var positions = _models.Min(model => model.MaxPositions);
        if (source.Tokens.Length == 0 || source.Tokens.Length > positions)
        {
            throw new ArgumentException(
                $"A source has {source.Tokens.Length} tokens, but the model reads 1 to {positions}.",
                nameof(source)
            );
        }

        // One position of the output is the end mark that decoding starts from.
        var length = _options.MaxLengthOf == SourceLength.Batch ? width : source.Tokens.Length;
        var maxLength = Math.Max((_options.MaxLengthA * length) + _options.MaxLengthB, source.Prefix.Length);
        return new SentenceSearch(
            _options,
            source,
            (int)Math.Min((_options.MinLengthA * length) + _options.MinLength, positions),
            (int)Math.Min(maxLength, positions - 1)
        );
    }

    /// <summary>One step of all open sentences.</summary>
    private void Advance(List<SentenceSearch> open, List<IIncrementalDecoder> decoders)
    {
        int[] tokens = [.. open.SelectMany(sentence => sentence.Beam).Select(hypothesis => hypothesis.Token)];
        if (decoders is [IMemoryDecoder only])
        {
            AdvanceInMemory(open, only, tokens);
            return;
        }

        var logits = decoders.Select(decoder => decoder.Logits(tokens, open[0].Beam.Count)).ToList();
        var logProbabilities = ModelAverage.LogProbabilities(logits, _options.Temperature);
        if (SelectsWhereItComputes(open, logProbabilities))
        {
            AdvanceByOperators(open, logProbabilities);
            return;
        }

        logProbabilities = logProbabilities.cpu();
        if (logProbabilities.dtype == ScalarType.Float64)
        {
            Advance(open, MemoryMarshal.Cast<byte, double>(logProbabilities.bytes));
        }
        else
        {
            Advance(open, MemoryMarshal.Cast<byte, float>(logProbabilities.bytes));
        }
    }

    private unsafe void AdvanceInMemory(List<SentenceSearch> open, IMemoryDecoder decoder, int[] tokens)
    {
        var logits = decoder.LogitsInMemory(tokens, open[0].Beam.Count);
        ModelAverage.LogProbabilities(logits, tokens.Length, VocabularySize, _options.Temperature);
        Advance(open, new Span<float>(logits, checked(tokens.Length * VocabularySize)));
    }

    private bool SelectsWhereItComputes(List<SentenceSearch> open, Tensor logProbabilities) =>
        (logProbabilities.device_type != DeviceType.CPU || SelectsByOperators)
        && _selection is BeamSelection
        && open.TrueForAll(sentence => DeviceCandidates.Suffice(sentence, _options));

    private void AdvanceByOperators(List<SentenceSearch> open, Tensor logProbabilities)
    {
        var candidates = DeviceCandidates.Of(logProbabilities, _options);
        var first = 0;
        foreach (var sentence in open)
        {
            var rows = sentence.Beam.Count;
            RequireNumbers(Enumerable.Range(first, rows).Any(candidates.IsNaN));
            sentence.Advance(candidates.Best(sentence, first, _options, _models[0].Padding));
            first += rows;
        }
    }

    /// <exception cref="UserErrorException">The model's output is not a number.</exception>
    private static void RequireNumbers(bool isNaN)
    {
        if (isNaN)
        {
            throw new UserErrorException(
                "The model's output is not a number: its weights are damaged or its training diverged. Use an earlier "
                    + "checkpoint."
            );
        }
    }

    private void Advance<T>(List<SentenceSearch> open, Span<T> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var size = open[0].Beam.Count * VocabularySize;
        for (var i = 0; i < open.Count; i++)
        {
            open[i].Advance(Best(open[i], rows.Slice(i * size, size)));
        }
    }

    /// <summary>
    /// A sentence's best candidates; its log-probabilities <c>[beam, vocabulary]</c> are changed in the process.
    /// </summary>
    private ReadOnlySpan<Candidate> Best<T>(SentenceSearch sentence, Span<T> logProbabilities)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var row = 0; row < sentence.Beam.Count; row++)
        {
            var next = logProbabilities.Slice(row * VocabularySize, VocabularySize);
            RequireNumbers(T.IsNaN(next[0])); // softmax spreads a single NaN over the whole row
            if (!sentence.MustEnd)
            {
                ChangeLogProbabilities(sentence, sentence.Beam[row], next);
            }
        }

        var best = sentence.MustEnd ? [] : SelectionFor(sentence).Select(sentence, logProbabilities);

        // An output ends at the longest length, and when no token may follow.
        return best.IsEmpty ? Ends(sentence, logProbabilities) : best;
    }

    private ICandidateSelection SelectionFor(SentenceSearch sentence) =>
        sentence.Source.Required is null ? _selection : _required;

    private ReadOnlySpan<Candidate> Ends<T>(SentenceSearch sentence, ReadOnlySpan<T> logProbabilities)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var top = new TopCandidates(2 * _options.Beam, _models[0].Padding);
        for (var row = 0; row < sentence.Beam.Count; row++)
        {
            top.OfferEnd(
                row,
                sentence.Beam[row].LogProbability,
                logProbabilities.Slice(row * VocabularySize, VocabularySize)
            );
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

        if (_options.UnknownPenalty != 0)
        {
            next[Vocabulary.Unknown] -= T.CreateChecked(_options.UnknownPenalty);
        }

        if (_options.NoRepeatNgram > 0)
        {
            RepeatedNgrams.RuleOut(hypothesis, _options.NoRepeatNgram, next);
        }

        sentence.Source.Banned?.RuleOut(hypothesis, next);
    }

    /// <summary>The unfinished sentences; the decoders keep only these.</summary>
    private static List<SentenceSearch> Continue(List<SentenceSearch> open, List<IIncrementalDecoder> decoders)
    {
        var remaining = Enumerable.Range(0, open.Count).Where(i => open[i].MustGoOn).ToArray();
        if (remaining.Length == 0)
        {
            return [];
        }

        if (remaining.Length < open.Count)
        {
            decoders.ForEach(decoder => decoder.KeepSources(remaining));
            open = [.. remaining.Select(i => open[i])];
        }

        int[] parents = [.. open.SelectMany(sentence => sentence.Beam).Select(hypothesis => hypothesis.Parent!.Row)];
        decoders.ForEach(decoder => decoder.Reorder(parents));
        return open;
    }
}
