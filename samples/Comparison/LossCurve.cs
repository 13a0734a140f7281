namespace Samples.Comparison;

/// <summary>How far a training has come.</summary>
/// <param name="Update">Updates so far.</param>
/// <param name="Training">Mean loss of the batches since the previous point, in nats.</param>
/// <param name="HeldOut">Loss on held-out data, in nats.</param>
public sealed record LossPoint(int Update, double Training, double HeldOut);

/// <summary>One training.</summary>
/// <param name="Remedy">The remedy in words; null for the network as it was.</param>
/// <param name="Points">Its course.</param>
public sealed record LossCurve(string? Remedy, IReadOnlyList<LossPoint> Points)
{
    /// <summary>What it shows.</summary>
    public string Name => NameOf(Remedy);

    /// <summary>The name of a network.</summary>
    public static string NameOf(string? remedy) => remedy ?? "Post-LN";
}
