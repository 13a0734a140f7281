using TransformerClinic.Common;
using TransformerClinic.Diagnosis;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using TransformerClinic.Reports.Charts;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Residuals;
using TransformerClinic.Training;
using TransformerClinic.Training.Schedules;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>
/// Figures 5 and 11: gradients differ by orders of magnitude between parameters, the updates of an adaptive optimizer
/// hardly do.
/// </summary>
internal sealed class UpdateBalanceStudy : Study
{
    private const int Layers = 12;
    private static readonly ResidualVariant[] Variants = [ResidualVariant.PreLn, ResidualVariant.PostLn];
    private static readonly ParameterGroup[] Attention =
    [
        ParameterGroup.Query,
        ParameterGroup.Key,
        ParameterGroup.Value,
        ParameterGroup.AttentionOutput,
    ];

    private sealed record Spread(double Gradients, double Updates)
    {
        public double Ratio => Updates / Gradients;
    }

    /// <inheritdoc/>
    public override StudyDescription Description =>
        new()
        {
            Id = "fig5",
            Title = "Gradients against updates, 12+12 layers",
            Place = "Liu et al. 2020, figures 5 and 11",
            Claim =
                "The updates of an adaptive optimizer are far more evenly distributed over a Transformer's matrices "
                + "than its gradients are, in Pre-LN and in Post-LN.",
            Criterion =
                "The standard deviation over matrices of log10 of the root mean square is less than half as large "
                + "for the updates of 100 steps of RAdam as for the gradient before training: over all matrices in "
                + "Pre-LN and in Post-LN, and over the self-attention matrices in Pre-LN. The worst of all seeds "
                + "counts.",
            Paper =
                "Histograms without numbers: \"unbalanced gradients are largely addressed by adaptive optimizers\".",
            Minutes = 0.6,
            Hours = 1,
        };

    /// <inheritdoc/>
    public override StudyFindings Run(StudyContext context)
    {
        var (dim, tokens, updates) = (context.Pick(64, 256), context.Pick(512, 2048), 100);
        var seeds = StudyWords.Seeds(context.Pick(2, 5));
        var text = context.Texts.Of(TrainingText.OfHelp(maxLength: 30));
        var cells = Variants.SelectMany(_ => seeds, (variant, seed) => (variant, seed)).ToList();
        var found = context.Each(
            "training",
            cells,
            cell =>
            {
                var subject = InitialModels.Of(SmallTraining.Narrow(cell.variant, Layers, dim), text, tokens);
                var training = new TrainingOptions
                {
                    TokensPerBatch = tokens,
                    Schedule = new ScheduleOptions { LearningRate = 1e-3, WarmUpUpdates = 50 },
                };
                return FirstUpdates.Make(
                    subject with
                    {
                        Training = training,
                    },
                    cell.seed,
                    updates,
                    every: updates,
                    new Progress<WorkDone>(),
                    context.Stop
                );
            }
        );
        IReadOnlyList<FirstUpdates> Of(ResidualVariant variant) =>
            [.. cells.Zip(found).Where(entry => entry.First.variant == variant).Select(entry => entry.Second)];
        Spread Worst(ResidualVariant variant, bool attentionOnly) =>
            Of(variant)
                .Select(one => new Spread(
                    Deviation(one.Gradients, attentionOnly),
                    Deviation(one.Changes, attentionOnly)
                ))
                .MaxBy(spread => spread.Ratio)!;
        var (pre, post, attention) = (
            Worst(ResidualVariant.PreLn, false),
            Worst(ResidualVariant.PostLn, false),
            Worst(ResidualVariant.PreLn, true)
        );
        return new StudyFindings(
            [
                Condition.Below("Pre-LN: spread of updates over spread of gradients", pre.Ratio, 0.5),
                Condition.Below("Post-LN: spread of updates over spread of gradients", post.Ratio, 0.5),
                Condition.Below(
                    "Pre-LN, only self-attention: spread of updates over spread of gradients",
                    attention.Ratio,
                    0.5
                ),
            ],
            $"One standard deviation is a factor of {StudyWords.Fixed(Math.Pow(10, post.Gradients), 1)} for the "
                + $"gradients and {StudyWords.Fixed(Math.Pow(10, post.Updates), 2)} for the updates in Post-LN, "
                + $"{StudyWords.Fixed(Math.Pow(10, pre.Gradients), 1)} and "
                + $"{StudyWords.Fixed(Math.Pow(10, pre.Updates), 2)} in Pre-LN.",
            seeds,
            [
                StudyWords.Setting("layers", "12+12"),
                StudyWords.Setting("dim", dim),
                StudyWords.Setting("tokens per batch", tokens),
                StudyWords.Setting("updates", updates),
                StudyWords.Setting("optimizer", "radam"),
                StudyWords.Setting("learning rate", 1e-3),
                StudyWords.Setting("warm-up", 50),
            ]
        )
        {
            Drawings =
            [
                Draw(
                    "fig5-post-ln",
                    "All matrices of 12+12-layer Post-LN",
                    Of(ResidualVariant.PostLn)[0],
                    attentionOnly: false
                ),
                Draw(
                    "fig5-pre-ln",
                    "All matrices of 12+12-layer Pre-LN",
                    Of(ResidualVariant.PreLn)[0],
                    attentionOnly: false
                ),
                Draw(
                    "fig5-pre-ln-attention",
                    "Self-attention of 12+12-layer Pre-LN (figure 11)",
                    Of(ResidualVariant.PreLn)[0],
                    attentionOnly: true
                ),
            ],
            Tables =
            [
                new StudyTable(
                    Description.Id + "-matrices",
                    ["variant", "seed", "parameter", "group", "gradientRms", "updateRms"],
                    [
                        .. cells
                            .Zip(found)
                            .SelectMany(entry =>
                                entry
                                    .Second.Gradients.Zip(entry.Second.Changes)
                                    .Select(norms =>
                                        (IReadOnlyList<object?>)
                                            [
                                                entry.First.variant,
                                                entry.First.seed,
                                                norms.First.Name,
                                                norms.First.Group,
                                                norms.First.RootMeanSquare,
                                                norms.Second.RootMeanSquare,
                                            ]
                                    )
                            ),
                    ]
                ),
            ],
            Remarks =
                "The paper compares weights of successive epochs; we compare the weights before training with those "
                + "a hundred updates later, and with the gradient before training.",
        };
    }

    private static IEnumerable<double> Relative(IReadOnlyList<ParameterNorm> norms, bool attentionOnly) =>
        ParameterNorms
            .RelativeToLargest(
                attentionOnly
                    ? norms.Where(norm =>
                        Attention.Contains(norm.Group)
                        && SublayerAddress.OfPath(norm.Name)?.Kind == SublayerKind.SelfAttention
                    )
                    : norms
            )
            .Select(entry => entry.Relative);

    private static double Deviation(IReadOnlyList<ParameterNorm> norms, bool attentionOnly)
    {
        var logarithms = Relative(norms, attentionOnly).Select(Math.Log10).ToList();
        var mean = logarithms.Average();
        return Math.Sqrt(logarithms.Average(value => (value - mean) * (value - mean)));
    }

    private static HistogramDrawing Draw(string name, string title, FirstUpdates found, bool attentionOnly) =>
        new(
            name,
            title,
            "Root mean square of each matrix, relative to the largest: the gradient before training, and the change "
                + "after a hundred updates.",
            "relative to the largest",
            "matrices",
            [
                new HistogramSeries("gradient", LogHistogram.Of(Relative(found.Gradients, attentionOnly))),
                new HistogramSeries("update", LogHistogram.Of(Relative(found.Changes, attentionOnly))),
            ]
        );
}
