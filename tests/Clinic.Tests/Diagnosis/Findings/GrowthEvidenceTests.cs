using TransformerClinic.Common;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Residuals;

namespace TransformerClinic.Tests.Diagnosis.Findings;

public class GrowthEvidenceTests
{
    [Fact]
    public void Curves_that_agree_are_sure()
    {
        var evidence = GrowthEvidence.Of(Models(n => 1 + (0.3 * n), noise: 0.05), seed: 1);

        Assert.Equal((OutputChange.Linear, 1.0, 6), (evidence.Fit.Best, evidence.Sureness, evidence.Curves));
        Assert.InRange(evidence.RSquared, 0.98, 1);
        Assert.Equal(OutputChange.LogN, GrowthEvidence.Of(Models(n => 1 + Math.Log(n), noise: 0.05), seed: 1).Fit.Best);
    }

    [Fact]
    public void Curves_between_N_and_log_N_are_not_sure_and_a_seed_decides_the_resamples()
    {
        var models = Models(n => Math.Sqrt(n), noise: 1);

        var evidence = GrowthEvidence.Of(models, seed: 1);

        Assert.InRange(evidence.Sureness, 0.05, 0.97);
        Assert.Equal(evidence.Sureness, GrowthEvidence.Of(models, seed: 1).Sureness);
        Assert.NotEqual(evidence.Sureness, GrowthEvidence.Of(models, seed: 2).Sureness);
    }

    [Fact]
    public void What_is_not_finite_has_no_law() =>
        Assert.Equal(
            (null, 0.0),
            GrowthEvidence.Of(
                [
                    [
                        [1, double.NaN],
                    ],
                ],
                seed: 1
            )
                is var found
                ? (found.Fit.Best, found.Sureness)
                : default
        );

    /// <summary>Three models of two curves over twelve sublayers.</summary>
    private static IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> Models(Func<double, double> law, double noise) =>
        [
            .. Enumerable
                .Range(0, 3)
                .Select(model =>
                    (IReadOnlyList<IReadOnlyList<double>>)
                        [
                            .. Enumerable
                                .Range(0, 2)
                                .Select(curve =>
                                    (IReadOnlyList<double>)
                                        [
                                            .. Enumerable
                                                .Range(1, 12)
                                                .Select(n =>
                                                    law(n)
                                                    + (
                                                        noise
                                                        * (
                                                            (
                                                                (double)
                                                                    CounterRandom.At((10 * model) + curve, "noise", n)
                                                                / ulong.MaxValue
                                                            ) - 0.5
                                                        )
                                                    )
                                                ),
                                        ]
                                ),
                        ]
                ),
        ];
}
