namespace Samples.Comparison;

/// <summary>A network that is trained twice: as it was, and with Admin.</summary>
/// <param name="Name">Its name, also that of its files.</param>
/// <param name="Description">What it is, in a sentence.</param>
/// <param name="Defaults">What it does unless told otherwise.</param>
/// <param name="Baseline">
/// The loss of who has learned nothing but how frequent each answer is, in nats, and its name.
/// </param>
/// <param name="Train">Trains with Admin if true; a point at every twentieth of the way.</param>
public sealed record Sample(
    string Name,
    string Description,
    SampleOptions Defaults,
    (double Loss, string Name) Baseline,
    Func<SampleOptions, bool, IEnumerable<LossPoint>> Train
);
