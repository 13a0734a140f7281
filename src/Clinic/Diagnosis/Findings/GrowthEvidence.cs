using TransformerClinic.Common;
using TransformerClinic.Residuals;

namespace TransformerClinic.Diagnosis.Findings;

/// <summary>
/// How an output change grows with the number of sublayers N, from several models and perturbations. One curve is a sum
/// of few random terms, and N and log N lie near each other over a dozen sublayers: what wins in one may lose in the
/// next.
/// </summary>
/// <param name="Mean">The mean of the curves at <c>N = 1 .. n</c>.</param>
/// <param name="Fit">The fits to it.</param>
/// <param name="Sureness">
/// The share of 1000 resamples (models with replacement, then perturbations of each) whose mean has the same best fit;
/// 0 where there is none. One model resamples only its perturbations, so other seeds may differ more than this says.
/// </param>
/// <param name="Curves">How many curves there are.</param>
internal sealed record GrowthEvidence(IReadOnlyList<double> Mean, GrowthFit Fit, double Sureness, int Curves)
{
    private const int Resamples = 1000;

    /// <summary>R^2 of the best fit; 0 where it is the constant or there is none.</summary>
    public double RSquared =>
        Fit.Best switch
        {
            OutputChange.Linear => Fit.Linear.RSquared,
            OutputChange.LogN => Fit.Logarithmic.RSquared,
            _ => 0,
        };

    /// <summary>Weighs curves.</summary>
    /// <param name="models">
    /// Model by model, perturbation by perturbation, the changes at <c>N = 1 .. n</c>; none is empty.
    /// </param>
    /// <param name="seed">Decides the resamples.</param>
    public static GrowthEvidence Of(IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> models, long seed)
    {
        double[] sizes = [.. Enumerable.Range(1, models[0][0].Count).Select(n => (double)n)];
        var mean = MeanOf([.. models.SelectMany(curves => curves)]);
        var fit = GrowthFit.Of(sizes, mean);
        var agreeing = fit.Best is null
            ? 0
            : Enumerable
                .Range(0, Resamples)
                .Count(i => GrowthFit.Of(sizes, MeanOf(Resample(models, seed, i))).Best == fit.Best);
        return new GrowthEvidence(mean, fit, agreeing / (double)Resamples, models.Sum(curves => curves.Count));
    }

    private static List<IReadOnlyList<double>> Resample(
        IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> models,
        long seed,
        int sample
    )
    {
        var drawn = 0L;
        int Below(int count) =>
            (int)(CounterRandom.At(seed, "resample", ((long)sample << 20) + drawn++) % (ulong)count);
        return
        [
            .. models.SelectMany(_ =>
            {
                var curves = models[Below(models.Count)];
                return curves.Select(_ => curves[Below(curves.Count)]);
            }),
        ];
    }

    private static double[] MeanOf(IReadOnlyList<IReadOnlyList<double>> curves) =>
        [.. curves[0].Select((_, n) => curves.Average(curve => curve[n]))];
}
