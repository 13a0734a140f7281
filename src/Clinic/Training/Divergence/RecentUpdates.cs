namespace TransformerClinic.Training.Divergence;

/// <summary>What the guard remembers of recent updates, oldest first; part of every checkpoint.</summary>
internal sealed record RecentUpdates
{
    /// <summary>Nothing yet.</summary>
    public static RecentUpdates None { get; } = new();

    /// <summary>Negative log-likelihoods, in nats per target token.</summary>
    public IReadOnlyList<double> Nlls { get; init; } = [];

    /// <summary>Norms of the gradient of the mean loss, before clipping.</summary>
    public IReadOnlyList<double> GradientNorms { get; init; } = [];

    /// <summary>Whether the newest update was a jump: of consecutive jumps the first is reported.</summary>
    public bool Jumped { get; init; }

    /// <summary>With one more update, limited to the newest <paramref name="window"/>.</summary>
    public RecentUpdates Plus(double nll, double gradientNorm, bool jumped, int window) =>
        new()
        {
            Nlls = Shifted(Nlls, nll, window),
            GradientNorms = Shifted(GradientNorms, gradientNorm, window),
            Jumped = jumped,
        };

    private static double[] Shifted(IReadOnlyList<double> values, double value, int window) =>
        [.. values.Skip(values.Count + 1 - window), value];
}
