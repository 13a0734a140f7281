using TransformerClinic.Model;
using TransformerClinic.Training;

namespace TransformerClinic.Bench.Prediction;

/// <summary>A training whose end is known.</summary>
/// <param name="Source">Where from: the grid's part, the study, or the recipe.</param>
/// <param name="Encoder">The encoder's variant and depth.</param>
/// <param name="Decoder">The decoder's.</param>
/// <param name="Training">How it was trained.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Trained">Whether it learned more than guessing.</param>
/// <param name="Nll">Its final loss, in nats per target token; null if that was not finite.</param>
internal sealed record KnownTraining(
    string Source,
    StackOptions Encoder,
    StackOptions Decoder,
    TrainingOptions Training,
    long Seed,
    bool Trained,
    double? Nll
);
