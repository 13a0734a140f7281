namespace Samples.Comparison;

/// <summary>A network that is trained twice: as it was, and with Admin or another remedy.</summary>
/// <param name="Name">Its name, which is also that of its files.</param>
/// <param name="Description">What it is, in one sentence.</param>
/// <param name="Defaults">Its default options.</param>
/// <param name="Baseline">
/// The loss of a model that has learned only how frequent each answer is, in nats, and its name.
/// </param>
/// <param name="Train">Trains with Admin if true; returns a point at every twentieth of the training.</param>
public sealed record Sample(
    string Name,
    string Description,
    SampleOptions Defaults,
    (double Loss, string Name) Baseline,
    Func<SampleOptions, bool, IEnumerable<LossPoint>> Train
)
{
    /// <summary>The remedies that the network takes in the place of Admin, by their names in recipes.</summary>
    public IReadOnlyList<string> Remedies { get; init; } = [];
}
