using System.ComponentModel.DataAnnotations;

namespace TransformerClinic.Decoding;

/// <summary>Which source length limits an output.</summary>
public enum SourceLength
{
    /// <summary>The sentence's own: the rest of the batch does not change any result.</summary>
    Sentence,

    /// <summary>
    /// The length of the longest source in the batch, as in fairseq: results depend on how sentences are batched.
    /// </summary>
    Batch,
}

/// <summary>What a finished hypothesis's log-probability is divided by, so that short ones do not win.</summary>
public enum LengthNormalization
{
    /// <summary><c>length ^ lengthPenalty</c>, as in fairseq.</summary>
    Power,

    /// <summary>
    /// <c>((5 + length) / 6) ^ lengthPenalty</c>, the length penalty of GNMT (Wu et al. 2016, equation 14).
    /// </summary>
    Gnmt,
}

/// <summary>How to search for translations.</summary>
public sealed record DecodingOptions
{
    /// <summary>Hypotheses kept at every step; 1 is greedy search.</summary>
    [Range(1, 1000)]
    public int Beam { get; init; } = 5;

    /// <summary>
    /// A finished hypothesis scores its log-probability divided by its length, end mark included, to this power
    /// (fairseq's <c>lenpen</c>); 0 does not divide.
    /// </summary>
    [Range(0.0, 10.0)]
    public double LengthPenalty { get; init; } = 1.0;

    /// <summary>
    /// What is raised to the power of <see cref="LengthPenalty"/>: the length itself, or GNMT's <c>(5 + length) /
    /// 6</c>.
    /// </summary>
    public LengthNormalization LengthNormalization { get; init; } = LengthNormalization.Power;

    /// <summary>
    /// Weight of GNMT's coverage penalty (Wu et al. 2016): <c>coveragePenalty * sum_i log(min(sum_j p_ij, 1))</c> is
    /// added to the score of a finished hypothesis, p_ij the last layer's attention of target token j to source token
    /// i, averaged over its heads. 0 turns it off.
    /// </summary>
    [Range(0.0, 10.0)]
    public double CoveragePenalty { get; init; }

    /// <summary>
    /// Longest output, as a multiple of the source length: <c>a * length + b</c> subwords. The source's end mark
    /// counts, the output's does not; <see cref="MaxLengthOf"/> says which source.
    /// </summary>
    [Range(0.0, 100.0)]
    public double MaxLengthA { get; init; } = 1.5;

    /// <summary>Longest output, the constant part: <c>a * length + b</c> subwords.</summary>
    [Range(1, 100_000)]
    public int MaxLengthB { get; init; } = 20;

    /// <summary>Which source length <see cref="MaxLengthA"/> multiplies.</summary>
    public SourceLength MaxLengthOf { get; init; } = SourceLength.Sentence;

    /// <summary>
    /// Shortest output, as a multiple of the source length: <c>a * length + minLength</c> subwords, counted as
    /// <see cref="MaxLengthA"/> counts.
    /// </summary>
    [Range(0.0, 100.0)]
    public double MinLengthA { get; init; }

    /// <summary>
    /// Shortest output in subwords, the constant part, without the end mark; the longest output wins if they disagree.
    /// </summary>
    [Range(0, 100_000)]
    public int MinLength { get; init; } = 1;

    /// <summary>
    /// No run of this many tokens occurs twice in an output (fairseq's <c>no_repeat_ngram_size</c>); 0 allows all. The
    /// end mark that decoding starts from counts as the first token, and ending is always allowed.
    /// </summary>
    [Range(0, 1000)]
    public int NoRepeatNgram { get; init; }

    /// <summary>
    /// The next tokens have the log-probabilities <c>log_softmax(logits / temperature)</c>; more than 1 flattens them.
    /// </summary>
    [Range(0.01, 100.0)]
    public double Temperature { get; init; } = 1.0;

    /// <summary>
    /// Subtracted from the log-probability of the mark for unknown pieces, in nats (fairseq's <c>unkpen</c>).
    /// </summary>
    [Range(-1000.0, 1000.0)]
    public double UnknownPenalty { get; init; }

    /// <summary>How the weights are stored in memory during a search. Forced scoring is always in float32.</summary>
    public DecodingPrecision Precision { get; init; } = DecodingPrecision.Fp32;

    /// <summary>Token budget of a batch of sources, padding included.</summary>
    [Range(1, 10_000_000)]
    public int TokensPerBatch { get; init; } = 2000;
}
