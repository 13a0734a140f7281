namespace Samples.Comparison;

/// <summary>How far a training has come.</summary>
/// <param name="Update">Updates so far.</param>
/// <param name="Training">Mean loss of the batches since the point before, in nats.</param>
/// <param name="HeldOut">Loss on data that is never trained on, in nats.</param>
public sealed record LossPoint(int Update, double Training, double HeldOut);

/// <summary>One training.</summary>
/// <param name="Name">What it is of.</param>
/// <param name="Points">The way it went.</param>
public sealed record LossCurve(string Name, IReadOnlyList<LossPoint> Points);
