using TransformerClinic.Diagnosis;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using TransformerClinic.Reports.Charts;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>
/// Figure 4: how the output change grows along an encoder of 200 sublayers, for random signs and for the gradient's.
/// </summary>
internal sealed class OutputChangeStudy : Study
{
    private const int Layers = 100;
    private const int Compared = 12;

    private static readonly (ResidualVariant Variant, OutputChange Law, double PaperRatio)[] Expected =
    [
        (ResidualVariant.PostLn, OutputChange.Linear, 2176 / 102.5),
        (ResidualVariant.PreLn, OutputChange.LogN, 165 / 52.1),
        (ResidualVariant.Admin, OutputChange.LogN, 154 / 56.3),
    ];

    // The points of the paper's figure that can be read off.
    private static readonly int[] Drawn = [1, 2, 4, 6, 8, 10, 12, 15, 18, 24, 36, 50, 72, 100, 150, 200];

    private readonly bool _byGradient;

    private OutputChangeStudy(bool byGradient) => _byGradient = byGradient;

    /// <summary>The perturbation is random.</summary>
    public static OutputChangeStudy ByRandomSigns => new(byGradient: false);

    /// <summary>The perturbation is a step down the loss.</summary>
    public static OutputChangeStudy ByGradientSigns => new(byGradient: true);

    /// <inheritdoc/>
    public override StudyDescription Description =>
        new()
        {
            Id = _byGradient ? "fig4-gradient" : "fig4",
            Title = _byGradient
                ? "Output change by a step down the loss, to 200 sublayers"
                : "Output change by random signs, to 200 sublayers",
            Place = $"Liu et al. 2020, figure 4 and theorem 2{(_byGradient ? ", gradient half" : "")}",
            Claim =
                "When every weight moves by the same small step, "
                + $"{(_byGradient ? "by the sign of its gradient" : "up or down at random")}, the output of a "
                + "Post-LN encoder changes in proportion to its number of sublayers N, that of Pre-LN and Admin "
                + "in proportion to log N.",
            Criterion =
                "Of y = a + b N, y = a + b log N and y = a, fitted to the mean curve over all seeds and N = 1 .. 200 "
                + "and compared by Schwarz's criterion, N fits Post-LN best and log N fits Pre-LN and Admin best. "
                + "Undecided if less than 80 % of 1000 resamples (seeds, then perturbations) agree.",
            Paper =
                "R2 0.99 for the fits. Change at 200 sublayers over that at 12, read from the figure: Post-LN 21, "
                + "Pre-LN 3.2, Admin 2.7.",
            Minutes = 0.7,
            Hours = 0.5,
        };

    /// <inheritdoc/>
    public override StudyFindings Run(StudyContext context)
    {
        var (dim, tokens, perturbations) = (
            context.Pick(128, 512),
            context.Pick(256, 1024),
            _byGradient ? 1 : context.Pick(2, 5)
        );
        var seeds = StudyWords.Seeds(context.Pick(4, 5));
        var text = context.Texts.Of(TrainingText.OfHelp());
        var cells = Expected.SelectMany(_ => seeds, (expected, seed) => (expected.Variant, Seed: seed)).ToList();
        var curves = context.Each(
            "perturbing",
            cells,
            cell =>
                Curves(
                    InitialModels.Of(SmallTraining.Narrow(cell.Variant, Layers, cell.Variant, 1, dim), text, tokens),
                    cell.Seed,
                    perturbations
                )
        );
        var plain = _byGradient
            ? context.Each(
                "perturbing",
                cells,
                cell =>
                    PlainGradient(
                        InitialModels.Of(
                            SmallTraining.Narrow(cell.Variant, Layers, cell.Variant, 1, dim),
                            text,
                            tokens
                        ),
                        cell.Seed
                    )
            )
            : [];
        var growth = Expected
            .Select((_, i) => GrowthEvidence.Of([.. curves.Skip(i * seeds.Count).Take(seeds.Count)], seeds[0]))
            .ToList();
        return new StudyFindings(
            [.. Expected.Zip(growth, (expected, found) => Judge(expected.Variant, expected.Law, found))],
            string.Join(
                ' ',
                Expected.Zip(
                    growth,
                    (expected, found) =>
                        $"{expected.Variant.Name()} grows as {StudyWords.Law(found.Fit.Best)} (R2 "
                        + $"{StudyWords.Fixed(found.RSquared)})."
                )
            ),
            seeds,
            [
                StudyWords.Setting("encoder layers", Layers),
                StudyWords.Setting("decoder layers", 1),
                StudyWords.Setting("dim", dim),
                StudyWords.Setting("tokens", tokens),
                StudyWords.Setting("perturbations per model", perturbations),
                StudyWords.Setting(
                    "step",
                    _byGradient ? WeightPerturbation.GradientStep : WeightPerturbation.RandomStep
                ),
            ]
        )
        {
            Values =
            [
                .. Expected
                    .Zip(growth)
                    .SelectMany(entry => Values(entry.First.Variant, entry.First.PaperRatio, entry.Second)),
            ],
            Drawings = [Draw(growth, logarithmic: false), Draw(growth, logarithmic: true)],
            Tables = [Table(growth)],
            Remarks = Remarks + (_byGradient ? PlainRemark(plain, seeds) : ""),
        };
    }

    private string Remarks =>
        "The paper's curve is for one network of dimension 512, with its change summed over the batch; ours is the "
        + "mean square per element of the standardized state. All depths come from one deep model, as in the "
        + "paper. "
        + (
            _byGradient
                ? "With random signs the branches' changes are independent, so their squares add up: as sum_i "
                    + "beta[i][i]^2, log N in Pre-LN. The gradient's signs move all branches in the same "
                    + "direction; if the changes themselves add up, their square grows as (sum_i beta[i][i])^2, "
                    + "which is N in Pre-LN and N^2 in Post-LN. Also tried: dimension 64, with the same laws."
                : "Also tried: dimension 64, where Post-LN grows faster than N beyond 36 sublayers (72 times from 12 "
                    + "to 200, R2 0.88 against N) and seeds differ more."
        );

    private List<IReadOnlyList<double>> Curves(DiagnosisSubject subject, long seed, int perturbations) =>
        _byGradient
            ? InitialModels.Examine(
                subject,
                seed,
                (model, probe) =>
                {
                    using var down = WeightPerturbation.GradientSigns(model, probe.Input, probe.Backward);
                    return new List<IReadOnlyList<double>>
                    {
                        ModelOutputChange.Measure(model, probe.Input, down).Encoder.Changes,
                    };
                }
            )
            :
            [
                .. Examination
                    .ChangesOf(subject, subject.Model, seed, perturbations)
                    .Select(change => change.Encoder.Changes),
            ];

    private static IReadOnlyList<IReadOnlyList<double>> PlainGradient(DiagnosisSubject subject, long seed) =>
        InitialModels.Examine(
            subject,
            seed,
            (model, probe) =>
            {
                using var down = PlainGradientStep.Of(model, probe);
                return new List<IReadOnlyList<double>>
                {
                    ModelOutputChange.Measure(model, probe.Input, down).Encoder.Changes,
                };
            }
        );

    private static string PlainRemark(
        IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> curves,
        IReadOnlyList<long> seeds
    ) =>
        $" Along the gradient itself instead of its signs: {string.Join(
            ", ",
            Expected.Select(
                (expected, i) =>
                    Describe(
                        expected.Variant,
                        GrowthEvidence.Of([.. curves.Skip(i * seeds.Count).Take(seeds.Count)], seeds[0])
                    )
            )
        )}.";

    private static string Describe(ResidualVariant variant, GrowthEvidence found) =>
        $"{variant.Name()} grows as {StudyWords.Law(found.Fit.Best)} (R2 "
        + $"{StudyWords.Fixed(found.RSquared)}, {StudyWords.Fixed(100 * found.Sureness, 0)} % of resamples)";

    private static Condition Judge(ResidualVariant variant, OutputChange law, GrowthEvidence found) =>
        new(
            $"{variant.Name()} is fitted best by {StudyWords.Law(law)}",
            $"{StudyWords.Law(found.Fit.Best)}; R2 {StudyWords.Fixed(found.Fit.Linear.RSquared, 3)} against N, "
                + $"{StudyWords.Fixed(found.Fit.Logarithmic.RSquared, 3)} against log N; "
                + $"{StudyWords.Fixed(100 * found.Sureness, 0)} % of resamples",
            found.Sureness < 0.8 ? null : found.Fit.Best == law
        );

    private static IEnumerable<ComparedValue> Values(ResidualVariant variant, double paperRatio, GrowthEvidence found)
    {
        yield return new(
            $"{variant.Name()}: R2 of the best fit",
            "0.99",
            $"{StudyWords.Fixed(found.RSquared)} ({StudyWords.Law(found.Fit.Best)})"
        );
        yield return new(
            $"{variant.Name()}: change at 200 sublayers over that at {Compared}",
            StudyWords.Fixed(paperRatio, 1),
            StudyWords.Fixed(found.Mean[^1] / found.Mean[Compared - 1], 1)
        );
    }

    private LineDrawing Draw(IReadOnlyList<GrowthEvidence> growth, bool logarithmic) =>
        new(
            Description.Id + (logarithmic ? "-log" : ""),
            logarithmic ? "The same, both axes logarithmic"
                : _byGradient ? "Output change, step by the gradient's signs"
                : "Output change, step by random signs",
            logarithmic
                ? "The slope is the power of N: 1 for growth as N, and less and less for growth as log N."
                : "Thin: the better of the fits to N and to log N.",
            "sublayers N",
            "E |F(x, W) - F(x, W + d)|^2",
            [.. growth.Index().SelectMany(entry => Lines(entry.Index, entry.Item, logarithmic))]
        )
        {
            LogarithmicX = logarithmic,
            LogarithmicY = logarithmic,
        };

    private static IEnumerable<LineSeries> Lines(int i, GrowthEvidence found, bool withoutFit)
    {
        yield return new LineSeries(
            Expected[i].Variant.Name(),
            [.. Drawn.Select(n => ((double)n, found.Mean[n - 1]))],
            i
        );
        if (!withoutFit && found.Fit.Best is OutputChange.Linear or OutputChange.LogN)
        {
            var line = found.Fit.Best == OutputChange.Linear ? found.Fit.Linear : found.Fit.Logarithmic;
            double At(int n) =>
                line.Intercept + (line.Slope * (found.Fit.Best == OutputChange.Linear ? n : Math.Log(n)));
            yield return new LineSeries(
                $"{Expected[i].Variant.Name()}: {StudyWords.Law(found.Fit.Best)}, R2 "
                    + $"{StudyWords.Fixed(found.RSquared)}",
                [.. Drawn.Select(n => ((double)n, At(n)))],
                i,
                Thin: true
            );
        }
    }

    private StudyTable Table(IReadOnlyList<GrowthEvidence> growth) =>
        new(
            Description.Id + "-curves",
            ["sublayers", .. Expected.Select(expected => expected.Variant.Key())],
            [
                .. Enumerable
                    .Range(0, 2 * Layers)
                    .Select(n => (IReadOnlyList<object?>)[n + 1, .. growth.Select(found => (object?)found.Mean[n])]),
            ]
        );
}
