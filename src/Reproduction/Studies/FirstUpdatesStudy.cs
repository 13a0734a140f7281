using TransformerClinic.Common;
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
/// How far the first updates move the outputs for a fixed batch: Post-LN at once, the others step by step.
/// </summary>
internal sealed class FirstUpdatesStudy : Study
{
    private const int Layers = 18;
    private const int Updates = 50;
    private const int Early = 5;
    private static readonly ResidualVariant[] Variants =
    [
        ResidualVariant.PostLn,
        ResidualVariant.PreLn,
        ResidualVariant.Admin,
        ResidualVariant.DeepNorm,
    ];

    /// <inheritdoc/>
    public override StudyDescription Description =>
        new()
        {
            Id = "first-updates",
            Title = "Amplification in action: the first updates of 18+18 layers without warm-up",
            Place = "Wang et al. 2022 (DeepNet), figures 4 and 5; Liu et al. 2020, section 4",
            Claim =
                "The first few updates of Adam without warm-up change the outputs of a deep Post-LN encoder almost "
                + "completely, and then they stay; with Admin and DeepNorm they change less, and step by step.",
            Criterion =
                "With the encoder's E |F(x, W_t) - F(x, W_0)|^2 (at most about 2), mean over seeds: after 5 updates "
                + "Post-LN's is more than 3 times Admin's and more than 3 times DeepNorm's; by then Post-LN has "
                + "covered at least 70 % of the distance of its 50 updates, Admin and DeepNorm less than 70 % of "
                + "theirs.",
            Paper =
                "DeepNet: the model update of Post-LN \"explodes\" and is then \"nearly zero\"; that of DeepNorm "
                + "stays \"almost constant\". No numbers can be read.",
            Minutes = 1,
            Hours = 0.5,
        };

    /// <inheritdoc/>
    public override StudyFindings Run(StudyContext context)
    {
        var (dim, tokens) = (context.Pick(64, 256), context.Pick(256, 1024));
        var seeds = StudyWords.Seeds(context.Pick(2, 5));
        var text = context.Texts.Of(TrainingText.OfHelp(maxLength: 30));
        var training = new TrainingOptions
        {
            MaxUpdates = Updates,
            TokensPerBatch = tokens,
            Optimizer = new OptimizerOptions { Name = OptimizerName.Adam },
            Schedule = new ScheduleOptions
            {
                Name = ScheduleName.Linear,
                LearningRate = 1e-4,
                WarmUpUpdates = 1,
            },
        };
        var cells = Variants.SelectMany(_ => seeds, (variant, seed) => (variant, seed)).ToList();
        var found = context.Each(
            "training",
            cells,
            cell =>
                FirstUpdates.Make(
                    InitialModels.Of(SmallTraining.Narrow(cell.variant, Layers, dim), text, tokens) with
                    {
                        Training = training,
                    },
                    cell.seed,
                    Updates,
                    every: 1,
                    new Progress<WorkDone>(),
                    context.Stop
                )
        );
        double Mean(ResidualVariant variant, Func<FirstUpdates, double> value) =>
            cells.Zip(found).Where(entry => entry.First.variant == variant).Average(entry => value(entry.Second));
        double Drift(ResidualVariant variant, int update) =>
            Mean(variant, one => one.Measurements[update - 1].Drift[StackName.Encoder.Word()][^1]);
        double Way(ResidualVariant variant) => Drift(variant, Early) / Drift(variant, Updates);
        string EarlyDrift(ResidualVariant variant) =>
            $"{StudyWords.Fixed(Drift(variant, Early), 3)} ({variant.Name()})";
        return new StudyFindings(
            [
                Condition.Above(
                    "after 5 updates: Post-LN over Admin",
                    Drift(ResidualVariant.PostLn, Early) / Drift(ResidualVariant.Admin, Early),
                    3
                ),
                Condition.Above(
                    "after 5 updates: Post-LN over DeepNorm",
                    Drift(ResidualVariant.PostLn, Early) / Drift(ResidualVariant.DeepNorm, Early),
                    3
                ),
                Condition.Above("Post-LN: share of the distance after 5 updates", Way(ResidualVariant.PostLn), 0.7),
                Condition.Below("Admin: share of the distance after 5 updates", Way(ResidualVariant.Admin), 0.7),
                Condition.Below("DeepNorm: share of the distance after 5 updates", Way(ResidualVariant.DeepNorm), 0.7),
            ],
            "After 5 updates the encoder's outputs have changed by "
                + $"{string.Join(", ", Variants.Select(EarlyDrift))}; "
                + "after 50 by "
                + $"{string.Join(", ", Variants.Select(variant => StudyWords.Fixed(Drift(variant, Updates), 3)))}.",
            seeds,
            [
                StudyWords.Setting("layers", "18+18"),
                StudyWords.Setting("dim", dim),
                StudyWords.Setting("tokens per batch", tokens),
                StudyWords.Setting("optimizer", "adam"),
                StudyWords.Setting("learning rate", "1e-4 from the second update, 1e-7 at the first"),
                StudyWords.Setting("updates", Updates),
            ]
        )
        {
            Remarks = Tried,
            Drawings =
            [
                Draw(
                    "drift",
                    "Change of the encoder's output over the first updates",
                    "Mean over seeds; 2 leaves nothing in common.",
                    "E |F(x, W_t) - F(x, W_0)|^2",
                    logarithmic: true,
                    (variant, update) => Drift(variant, update)
                ),
                Draw(
                    "loss",
                    "Training loss over the same updates",
                    "Label-smoothed, mean over seeds.",
                    "nats per target token",
                    logarithmic: false,
                    (variant, update) => Mean(variant, one => one.Measurements[update - 1].Loss)
                ),
            ],
        };
    }

    // The result of the first run, at another learning rate.
    private const string Tried =
        "Tried first: a learning rate of 1e-3, at which the criterion is not met. After 5 updates Post-LN had "
        + "changed by 1.0, Pre-LN by 1.3, Admin by 1.4 and DeepNorm by 0.67, and after 50 all had changed by 1.1 "
        + "to 1.4. Such steps are too large for every variant at this depth and width.";

    private LineDrawing Draw(
        string name,
        string title,
        string reading,
        string yLabel,
        bool logarithmic,
        Func<ResidualVariant, int, double> value
    ) =>
        new(
            $"{Description.Id}-{name}",
            title,
            reading,
            "update",
            yLabel,
            [
                .. Variants.Select(
                    (variant, i) =>
                        new LineSeries(
                            variant.Name(),
                            [
                                .. Enumerable
                                    .Range(1, Updates)
                                    .Select(update => ((double)update, value(variant, update))),
                            ],
                            i
                        )
                ),
            ]
        )
        {
            LogarithmicY = logarithmic,
        };
}
