using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using TransformerClinic.Reports.Charts;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>
/// The output change of models of different depths, one model per depth: the purpose of the constants of admin-torch
/// and DeepNorm.
/// </summary>
internal sealed class DepthStudy : Study
{
    private sealed record Treatment(ResidualVariant Variant, string Law = "", OutputChange Analytic = OutputChange.LogN)
    {
        public string Name => Variant.Name() + Law;

        public ModelOptions Shape(int layers, int dim)
        {
            var model = SmallTraining.Narrow(Variant, layers, Variant, 1, dim);
            return model with
            {
                Encoder = model.Encoder with { Analytic = model.Encoder.Analytic with { OutputChange = Analytic } },
            };
        }
    }

    private static readonly Treatment PostLn = new(ResidualVariant.PostLn);
    private static readonly Treatment Logarithmic = new(ResidualVariant.AdminAnalytic, ", O(log n)");
    private static readonly Treatment Constant = new(ResidualVariant.AdminAnalytic, ", O(1)", OutputChange.Constant);
    private static readonly Treatment DeepNorm = new(ResidualVariant.DeepNorm);

    private static readonly Treatment[] Treatments =
    [
        PostLn,
        new(ResidualVariant.PreLn),
        new(ResidualVariant.Admin),
        Logarithmic,
        Constant,
        DeepNorm,
    ];

    /// <inheritdoc/>
    public override StudyDescription Description =>
        new()
        {
            Id = "depth",
            Title = "Output change of whole models against their depth",
            Place = "admin-torch 0.1 (output_change_scale); Wang et al. 2022 (DeepNorm)",
            Claim =
                "The output change of models with analytic Admin O(1) and with DeepNorm does not depend on their "
                + "depth; that of analytic Admin O(log n) grows as log n, that of Post-LN as n.",
            Criterion =
                "From the shallowest to the deepest model, sixteen times as deep: the change of O(1) and of DeepNorm "
                + "has a ratio of largest to smallest below 1.3; that of O(log n) grows by a factor between 1.5 "
                + "and 3.5 (log n grows by 2.4); that of Post-LN by more than 8. Means over seeds and random "
                + "perturbations, with a separate model for each depth.",
            Paper = "By construction, if Var[f] = Var[x] in every branch: 1, 1, 2.4 and 16.",
            Minutes = 0.5,
            Hours = 0.5,
        };

    /// <inheritdoc/>
    public override StudyFindings Run(StudyContext context)
    {
        var (dim, tokens, perturbations) = (context.Pick(64, 256), context.Pick(256, 1024), context.Pick(4, 8));
        var seeds = StudyWords.Seeds(context.Pick(3, 5));
        IReadOnlyList<int> layers = [3, 6, 12, 24, 48];
        var text = context.Texts.Of(TrainingText.OfHelp());
        var cells = (from treatment in Treatments from depth in layers select (treatment, depth)).ToList();
        var changes = context.Each(
            "perturbing",
            cells,
            cell =>
                seeds.Average(seed =>
                {
                    var subject = InitialModels.Of(cell.treatment.Shape(cell.depth, dim), text, tokens);
                    return Examination
                        .ChangesOf(subject, subject.Model, seed, perturbations)
                        .Average(change => change.Encoder.Changes[^1]);
                })
        );
        var curves = Treatments.ToDictionary(
            treatment => treatment,
            treatment => changes.Skip(Array.IndexOf(Treatments, treatment) * layers.Count).Take(layers.Count).ToList()
        );
        double Growth(Treatment treatment) => curves[treatment][^1] / curves[treatment][0];
        string Growths(Treatment treatment) => $"{StudyWords.Fixed(Growth(treatment), 1)} times with {treatment.Name}";
        double Spread(Treatment treatment) => curves[treatment].Max() / curves[treatment].Min();
        return new StudyFindings(
            [
                Condition.Below("O(1): largest change over smallest", Spread(Constant), 1.3),
                Condition.Below("DeepNorm: largest change over smallest", Spread(DeepNorm), 1.3),
                Condition.Between("O(log n): change of the deepest over the shallowest", Growth(Logarithmic), 1.5, 3.5),
                Condition.Above("Post-LN: change of the deepest over the shallowest", Growth(PostLn), 8),
            ],
            $"From 6 to 96 sublayers the change grows {string.Join(", ", Treatments.Select(Growths))}.",
            seeds,
            [
                StudyWords.Setting("encoder layers", string.Join(", ", layers)),
                StudyWords.Setting("decoder layers", 1),
                StudyWords.Setting("dim", dim),
                StudyWords.Setting("tokens", tokens),
                StudyWords.Setting("perturbations per model", perturbations),
            ]
        )
        {
            Values =
            [
                .. Treatments
                    .Where(treatment => treatment.Variant is not (ResidualVariant.PreLn or ResidualVariant.Admin))
                    .Zip(
                        ["16", "2.4", "1", "1"],
                        (treatment, expected) =>
                            new ComparedValue(
                                $"{treatment.Name}: growth of the change over sixteen times the depth",
                                expected,
                                StudyWords.Fixed(Growth(treatment), 2)
                            )
                    ),
            ],
            Drawings =
            [
                new LineDrawing(
                    Description.Id,
                    "Output change of models of different depths",
                    "One model per point. O(1) and DeepNorm stay level; O(log n), Pre-LN and Admin grow slowly; "
                        + "Post-LN grows at least as fast as its depth.",
                    "sublayers of the encoder",
                    "E |F(x, W) - F(x, W + d)|^2",
                    [
                        .. Treatments.Select(
                            (treatment, i) =>
                                new LineSeries(
                                    treatment.Name,
                                    [.. layers.Zip(curves[treatment], (depth, change) => (2.0 * depth, change))],
                                    i
                                )
                        ),
                    ]
                )
                {
                    LogarithmicX = true,
                    LogarithmicY = true,
                },
            ],
        };
    }
}
