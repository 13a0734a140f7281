using System.ComponentModel.DataAnnotations;

namespace TransformerClinic.Scoring.Significance;

/// <summary>How the difference of two systems is tested.</summary>
internal enum SignificanceTest
{
    /// <summary>Paired bootstrap: the lines are drawn repeatedly, with replacement (Koehn, 2004).</summary>
    Bootstrap,

    /// <summary>
    /// Paired approximate randomization: the two systems' lines are swapped at random (Riezler and Maxwell, 2005).
    /// </summary>
    Randomization,
}

/// <summary>
/// The settings of a significance test; the defaults are sacreBLEU's, except for the intervals of randomization, which
/// sacreBLEU leaves out.
/// </summary>
internal sealed record SignificanceOptions
{
    /// <summary>Which test it is.</summary>
    public SignificanceTest Test { get; init; } = SignificanceTest.Bootstrap;

    /// <summary>
    /// How many samples are drawn, or null for the test's own number: 1000 for the bootstrap, 10000 for randomization.
    /// </summary>
    [Range(1, 1_000_000)]
    public int? Trials { get; init; }

    /// <summary>
    /// The number of bootstrap samples for the confidence intervals of randomization; the bootstrap has its own.
    /// </summary>
    [Range(1, 1_000_000)]
    public int IntervalSamples { get; init; } = 1000;

    /// <summary>Names the stream of random numbers: equal seeds draw equal samples.</summary>
    public long Seed { get; init; } = 12345;

    /// <summary>How many samples are drawn.</summary>
    public int Count => Trials ?? (Test == SignificanceTest.Bootstrap ? 1000 : 10_000);

    /// <summary>Its part of the signature.</summary>
    public string Signature =>
        FormattableString.Invariant(
            Test == SignificanceTest.Bootstrap
                ? (FormattableString)$"bs:{Count}|seed:{Seed}"
                : $"bs:{IntervalSamples}|ar:{Count}|seed:{Seed}"
        );
}
