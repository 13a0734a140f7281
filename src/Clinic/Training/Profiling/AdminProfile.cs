using TransformerClinic.Residuals;

namespace TransformerClinic.Training.Profiling;

/// <summary>
/// The omegas that profiling set before the first update, and where they came from; part of every checkpoint.
/// </summary>
/// <param name="BatchHash">SHA-256 of the token ids of all profiling batches.</param>
/// <param name="Sentences">Sentence pairs of the batches.</param>
/// <param name="SourceTokens">Source tokens of the batches, padding not counted.</param>
/// <param name="TargetTokens">Target tokens of the batches, padding not counted.</param>
/// <param name="Seed">The run's seed, which decides weights, batch and dropout masks.</param>
/// <param name="Dropout">Whether dropout was on.</param>
/// <param name="Padding">Whether padding counted in the variances.</param>
/// <param name="Connections">
/// What was found and set at every residual connection, encoder first, in forward order.
/// </param>
internal sealed record AdminProfile(
    string BatchHash,
    int Sentences,
    int SourceTokens,
    int TargetTokens,
    long Seed,
    bool Dropout,
    PaddingPolicy Padding,
    IReadOnlyList<ProfiledConnection> Connections
);
