using TransformerClinic.Common;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Model;
using TransformerClinic.Text;

namespace TransformerClinic.Decoding;

/// <summary>
/// Translates one batch on the thread that asks: sentences in, translations out. Any number of threads may do so at
/// once. Who else is in a batch does not change a translation, unless <see cref="DecodingOptions.MaxLengthOf"/> asks
/// for that.
/// </summary>
internal sealed class BatchTranslator
{
    private readonly SubwordModel _subwords;
    private readonly BeamSearch _search;
    private readonly SentenceReader _reader;
    private readonly HypothesisAttention? _attention;

    /// <summary>A translator with one or several models, whose probabilities are averaged.</summary>
    /// <param name="models">The models, with the same subwords.</param>
    /// <param name="subwords">The subword model that they were trained with.</param>
    /// <param name="options">How to search.</param>
    /// <param name="also">Further options; the number of workers is nothing to it.</param>
    /// <exception cref="UserErrorException">
    /// The subword model belongs to another model, an option has a value that is not allowed, or the options do not go
    /// together.
    /// </exception>
    public BatchTranslator(
        IReadOnlyList<Transformer> models,
        SubwordModel subwords,
        DecodingOptions options,
        TranslatorOptions also
    )
        : this([.. models.Select(SearchedModel.Of)], subwords, options, also) { }

    /// <inheritdoc cref="BatchTranslator(IReadOnlyList{Transformer}, SubwordModel, DecodingOptions,
    /// TranslatorOptions)"/>
    public BatchTranslator(
        IReadOnlyList<SearchedModel> models,
        SubwordModel subwords,
        DecodingOptions options,
        TranslatorOptions also
    )
    {
        OptionCheck.Valid(options, "decoding");
        OptionCheck.Valid(also, "translator");
        if (models.FirstOrDefault(model => model.Vocabulary != subwords.Vocabulary.Count) is { } stranger)
        {
            throw new UserErrorException(
                $"The model has a vocabulary of {stranger.Vocabulary} subwords, but the subword model has one of "
                    + $"{subwords.Vocabulary.Count}: they do not belong together. Take both from the same run."
            );
        }

        (_subwords, Options) = (subwords, options);
        _search = new BeamSearch(models, options, also.Method, also.Kernels);
        _reader = new SentenceReader(subwords, models.Min(model => model.MaxPositions), also.Method);
        _attention =
            also.Attention || options.CoveragePenalty > 0
                ? new HypothesisAttention([.. models.Select(model => model.Module)], options)
                : null;
    }

    /// <summary>Whether it computes with operators of libtorch.</summary>
    public bool NeedsLibtorch => _search.NeedsLibtorch || _attention is not null;

    /// <summary>How it searches.</summary>
    public DecodingOptions Options { get; }

    /// <inheritdoc cref="SentenceReader.Read"/>
    public (SourceSentence? Sentence, string? Problem) Read(TranslationRequest request) => _reader.Read(request);

    /// <summary>A translation for every sentence, in their order; null for one that was given up.</summary>
    /// <param name="batch">Sentences from <see cref="Read"/>.</param>
    /// <param name="betweenSteps">Called before every step of the search; may itself translate other batches.</param>
    /// <param name="cancellation">Checked before every step of the search.</param>
    /// <exception cref="UserErrorException">The model's output is not a number.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public IReadOnlyList<Translation?> Translate(
        IReadOnlyList<SourceSentence> batch,
        Action? betweenSteps,
        CancellationToken cancellation
    ) =>
        [
            .. batch.Zip(
                _search.Search(batch, betweenSteps, cancellation),
                (source, hypotheses) => source.GiveUp.IsCancellationRequested ? null : Finished(source, hypotheses)
            ),
        ];

    private Translation Finished(SourceSentence source, IReadOnlyList<Hypothesis> found)
    {
        var hypotheses = _attention is null ? found : _attention.Added(source.Tokens, found);
        IReadOnlyList<Hypothesis> asDemanded = [.. hypotheses.Where(hypothesis => Unmet(source, hypothesis) is null)];
        var kept = asDemanded.Count > 0 ? asDemanded : hypotheses;
        return new Translation(_subwords.Decode(kept[0].Tokens), kept, Unmet(source, kept[0]))
        {
            Source = source.Tokens,
        };
    }

    private string? Unmet(SourceSentence source, Hypothesis hypothesis)
    {
        if (source.Required is null && source.Banned is null)
        {
            return null;
        }

        var text = _subwords.Decode(hypothesis.Tokens);
        return source.Required?.MissingIn(text).ToList() is { Count: > 0 } missing
                ? $"No translation was found that contains {string.Join(", ", missing)}. Allow a longer one "
                    + "(maxLengthA, maxLengthB) or a wider beam."
            : source.Banned?.NoneIn(text) == false
                ? "No translation was found without the banned words. Ban fewer, or use a wider beam."
            : null;
    }
}
