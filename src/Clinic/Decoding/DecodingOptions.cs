using System.ComponentModel.DataAnnotations;

namespace TransformerClinic.Decoding;

/// <summary>Which source length bounds an output.</summary>
public enum SourceLength
{
    /// <summary>The sentence's own: what else is in the batch changes no result.</summary>
    Sentence,

    /// <summary>That of the longest source in the batch, as in fairseq: results depend on how sentences are batched.</summary>
    Batch,
}

/// <summary>How translations are searched for.</summary>
public sealed record DecodingOptions
{
    /// <summary>Hypotheses kept at every step; 1 is greedy search.</summary>
    [Range(1, 1000)]
    public int Beam { get; init; } = 5;

    /// <summary>A finished hypothesis scores its log-probability divided by <c>length ^ lengthPenalty</c>, the end mark counted (fairseq's <c>lenpen</c>).</summary>
    [Range(0.0, 10.0)]
    public double LengthPenalty { get; init; } = 1.0;

    /// <summary>
    /// Longest output, as a multiple of the source length: <c>a * length + b</c> subwords. The source's end mark counts, the
    /// output's does not; <see cref="MaxLengthOf"/> says which source's length.
    /// </summary>
    [Range(0.0, 100.0)]
    public double MaxLengthA { get; init; } = 1.5;

    /// <summary>Longest output, the constant part: <c>a * length + b</c> subwords.</summary>
    [Range(1, 100_000)]
    public int MaxLengthB { get; init; } = 20;

    /// <summary>Which source length <see cref="MaxLengthA"/> multiplies.</summary>
    public SourceLength MaxLengthOf { get; init; } = SourceLength.Sentence;

    /// <summary>Shortest output in subwords, the end mark not counted; the longest output wins where they disagree.</summary>
    [Range(0, 100_000)]
    public int MinLength { get; init; } = 1;

    /// <summary>
    /// No run of so many tokens comes twice in an output (fairseq's <c>no_repeat_ngram_size</c>); 0 allows all. The end mark
    /// that decoding starts from counts as the first token, and ending is always allowed.
    /// </summary>
    [Range(0, 1000)]
    public int NoRepeatNgram { get; init; }

    /// <summary>Next tokens have the log-probabilities <c>log_softmax(logits / temperature)</c>; more than 1 flattens them.</summary>
    [Range(0.01, 100.0)]
    public double Temperature { get; init; } = 1.0;

    /// <summary>Subtracted from the log-probability of the mark for unknown pieces, in nats (fairseq's <c>unkpen</c>).</summary>
    [Range(-1000.0, 1000.0)]
    public double UnknownPenalty { get; init; }

    /// <summary>Token budget of a batch of sources, padding included.</summary>
    [Range(1, 10_000_000)]
    public int TokensPerBatch { get; init; } = 2000;
}
