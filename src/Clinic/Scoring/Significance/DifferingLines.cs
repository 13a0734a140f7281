namespace TransformerClinic.Scoring.Significance;

/// <summary>
/// The lines that two systems translate differently by a metric's counts: the only ones that a swap changes.
/// </summary>
/// <param name="Changes">What each such line adds to the baseline's counts if it is the system's.</param>
internal sealed record DifferingLines(IReadOnlyList<double[]> Changes)
{
    /// <summary>Compares two systems line by line.</summary>
    public static DifferingLines Of(double[][] baseline, double[][] system) =>
        new([
            .. baseline
                .Zip(system)
                .Where(line => !line.First.SequenceEqual(line.Second))
                .Select(line => (double[])[.. line.Second.Zip(line.First, (ours, theirs) => ours - theirs)]),
        ]);

    /// <summary>
    /// The number of ways to swap n lines that differ, <c>2^(n - 1)</c>: swapping all the others gives the same two
    /// systems in the other order. 1 if no line differs.
    /// </summary>
    public double Swaps => Math.ScaleB(1, Math.Max(Changes.Count - 1, 0));

    /// <summary>
    /// The smallest p of an exact two-sided test that swaps lines: every such test includes the systems as they are.
    /// </summary>
    public double LeastP => 1 / Swaps;
}
