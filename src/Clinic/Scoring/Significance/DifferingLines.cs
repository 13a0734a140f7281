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
    /// How many ways there are to swap n lines that differ, <c>2^(n - 1)</c>: a swap of all the others gives the same
    /// two systems in the other order. 1 where no line differs.
    /// </summary>
    public double Swaps => Math.ScaleB(1, Math.Max(Changes.Count - 1, 0));

    /// <summary>
    /// The least p of an exact two-sided test that swaps lines: every such test counts the systems as they are.
    /// </summary>
    public double LeastP => 1 / Swaps;
}
