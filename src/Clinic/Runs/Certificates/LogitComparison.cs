using System.Text.Json.Serialization;
using TransformerClinic.Files;

namespace TransformerClinic.Runs.Certificates;

/// <summary>How far the logits of two models are apart.</summary>
/// <param name="Absolute">The largest absolute difference of a logit.</param>
/// <param name="LargestLogit">The largest absolute logit of the original.</param>
internal sealed record LogitDifference(
    [property: JsonConverter(typeof(AnyNumberConverter))] double Absolute,
    [property: JsonConverter(typeof(AnyNumberConverter))] double LargestLogit
)
{
    /// <summary>The largest difference over the largest logit.</summary>
    [JsonConverter(typeof(AnyNumberConverter))]
    public double Relative => Absolute / LargestLogit;

    /// <summary>Of two sets of logits together.</summary>
    internal LogitDifference With(LogitDifference other) =>
        new(Math.Max(Absolute, other.Absolute), Math.Max(LargestLogit, other.LargestLogit));
}

/// <summary>The logits of a model and of its folded form, at all target tokens of some batches.</summary>
/// <param name="Batches">Batches.</param>
/// <param name="Sentences">Sentence pairs in them.</param>
/// <param name="Tokens">Target tokens, each of which has a logit for every piece of the vocabulary.</param>
/// <param name="Algebra">
/// The fold in float64, not rounded, against the original in float64: what the algebra is worth.
/// </param>
/// <param name="Rounding">
/// The stored float32 weights against the original's, both computed in float64: what storing costs.
/// </param>
/// <param name="InUse">The stored weights against the original's, both computed in float32: what a user sees.</param>
internal sealed record LogitComparison(
    int Batches,
    int Sentences,
    int Tokens,
    LogitDifference Algebra,
    LogitDifference Rounding,
    LogitDifference InUse
);
