using System.ComponentModel.DataAnnotations;

namespace TransformerClinic.Decoding;

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
    /// output's does not; the length is the sentence's own, not that of the longest in its batch.
    /// </summary>
    [Range(0.0, 100.0)]
    public double MaxLengthA { get; init; } = 1.5;

    /// <summary>Longest output, the constant part: <c>a * length + b</c> subwords.</summary>
    [Range(1, 100_000)]
    public int MaxLengthB { get; init; } = 20;

    /// <summary>Shortest output in subwords, the end mark not counted; the longest output wins where they disagree.</summary>
    [Range(0, 100_000)]
    public int MinLength { get; init; } = 1;

    /// <summary>Token budget of a batch of sources, padding included.</summary>
    [Range(1, 10_000_000)]
    public int TokensPerBatch { get; init; } = 2000;
}
