using System.ComponentModel.DataAnnotations;
using TransformerClinic.Common;

namespace TransformerClinic.Decoding.Search;

/// <summary>
/// Outputs are drawn, not searched: <c>beam</c> of them, each next token with its probability among those that remain
/// after the tail is cut off. The temperature is <see cref="DecodingOptions.Temperature"/>. Log-probabilities are the
/// model's own, as if nothing had been cut off.
/// </summary>
/// <remarks>
/// Random numbers are a function of (seed, number of the sentence, position, hypothesis): batches, workers and earlier
/// runs do not change them.
/// </remarks>
public sealed record Sampling : SearchMethod
{
    /// <summary>Draws only from this many of the most probable tokens (Fan et al. 2018); 0 sets no limit.</summary>
    [Range(0, 10_000_000)]
    public int TopK { get; init; }

    /// <summary>
    /// Draws only from the fewest most probable tokens that together have this probability (Holtzman et al. 2020); 1
    /// sets no limit.
    /// </summary>
    [Range(0.0001, 1.0)]
    public double TopP { get; init; } = 1;

    /// <summary>Identifies the stream of random numbers: equal seeds draw equal outputs.</summary>
    public long Seed { get; init; } = 1;

    internal override ICandidateSelection Selection(DecodingOptions options, SearchedModel model) =>
        new SamplingSelection(OptionCheck.Valid(this, "sampling"), options, model);
}
