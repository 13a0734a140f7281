namespace Samples.Comparison;

/// <summary>How far a training has come.</summary>
/// <param name="Update">Updates so far.</param>
/// <param name="Training">Mean loss of the batches since the point before, in nats.</param>
/// <param name="HeldOut">Loss on data that is never trained on, in nats.</param>
public sealed record LossPoint(int Update, double Training, double HeldOut);

/// <summary>One training.</summary>
/// <param name="Admin">Whether it is the one with Admin.</param>
/// <param name="Points">The way it went.</param>
public sealed record LossCurve(bool Admin, IReadOnlyList<LossPoint> Points)
{
    /// <summary>What it is of.</summary>
    public string Name => NameOf(Admin);

    /// <summary>What a network is called.</summary>
    public static string NameOf(bool admin) => admin ? "Admin" : "Post-LN";
}
