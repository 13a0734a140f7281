namespace Samples.Comparison;

/// <summary>How far a training has come.</summary>
/// <param name="Update">Updates so far.</param>
/// <param name="Training">Mean loss of the batches since the previous point, in nats.</param>
/// <param name="HeldOut">Loss on held-out data, in nats.</param>
public sealed record LossPoint(int Update, double Training, double HeldOut);

/// <summary>One training.</summary>
/// <param name="Admin">Whether it is the one with Admin.</param>
/// <param name="Points">Its course.</param>
public sealed record LossCurve(bool Admin, IReadOnlyList<LossPoint> Points)
{
    /// <summary>What it shows.</summary>
    public string Name => NameOf(Admin);

    /// <summary>The name of a network.</summary>
    public static string NameOf(bool admin) => admin ? "Admin" : "Post-LN";
}
