using TransformerClinic.Data;

namespace TransformerClinic.Reproduction.SmallTrainings;

/// <summary>A task as ids.</summary>
/// <param name="Train">Training pairs.</param>
/// <param name="Valid">Validation pairs.</param>
/// <param name="Vocabulary">Size of the joint vocabulary.</param>
/// <param name="KeepsLength">
/// Whether a target is as long as its source, so that counting the source's words tells where the target ends.
/// </param>
internal sealed record TaskText(
    IReadOnlyList<ParallelExample> Train,
    IReadOnlyList<ParallelExample> Valid,
    int Vocabulary,
    bool KeepsLength = false
)
{
    /// <summary>
    /// Negative log-likelihood of a model that reads no word of the source: it knows how frequent target words are and,
    /// if the source's length is the target's, that length. In nats per target token of the validation set.
    /// </summary>
    public double GuessNll { get; } =
        KeepsLength ? UnigramNll.OfKnownLengths(Train, Valid, Vocabulary) : UnigramNll.Of(Train, Valid, Vocabulary);
}
