using TransformerClinic.Data;

namespace TransformerClinic.Runs.Reproduction.SmallTrainings;

/// <summary>A task as ids.</summary>
/// <param name="Train">Training pairs.</param>
/// <param name="Valid">Validation pairs.</param>
/// <param name="Vocabulary">Size of the joint vocabulary.</param>
public sealed record TaskText(IReadOnlyList<ParallelExample> Train, IReadOnlyList<ParallelExample> Valid, int Vocabulary)
{
    /// <summary>Negative log-likelihood of a model that knows the frequencies of words alone, in nats a target token of the validation set.</summary>
    public double UnigramNll { get; } = Runs.UnigramNll.Of(Train, Valid, Vocabulary);
}
