using System.ComponentModel.DataAnnotations;
using TransformerClinic.Decoding;

namespace TransformerClinic.Web.Batching;

/// <summary>
/// How a request wants its sentences searched; what is not set is as the model's recipe says. Sentences with the same
/// settings share batches.
/// </summary>
internal sealed record SearchSettings
{
    /// <summary>The model's own search.</summary>
    public static SearchSettings Default { get; } = new();

    /// <summary>Hypotheses kept at every step.</summary>
    [Range(1, 1000)]
    public int? Beam { get; init; }

    /// <summary>Power of the length that a score is divided by.</summary>
    [Range(0.0, 10.0)]
    public double? LengthPenalty { get; init; }

    /// <summary>No run of this many subwords occurs twice; 0 allows all.</summary>
    [Range(0, 1000)]
    public int? NoRepeatNgram { get; init; }

    /// <summary>Whether translations have their attention, from which alignments are computed.</summary>
    public bool Attention { get; init; }

    /// <summary>A model's options with these settings.</summary>
    public DecodingOptions Over(DecodingOptions model) =>
        model with
        {
            Beam = Beam ?? model.Beam,
            LengthPenalty = LengthPenalty ?? model.LengthPenalty,
            NoRepeatNgram = NoRepeatNgram ?? model.NoRepeatNgram,
        };
}
