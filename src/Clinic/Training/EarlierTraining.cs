using TransformerClinic.Training.Profiling;

namespace TransformerClinic.Training;

/// <summary>The training that a model's weights come from.</summary>
/// <param name="Profile">
/// What Admin's profiling set before it; null for a model without Admin connections.
/// </param>
internal sealed record EarlierTraining(AdminProfile? Profile);
