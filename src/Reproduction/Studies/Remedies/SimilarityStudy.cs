using TransformerClinic.Diagnosis;
using TransformerClinic.Diagnosis.Depth;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using TransformerClinic.Reports.Charts;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.Studies.Remedies;

/// <summary>
/// What a deep Post-LN encoder has lost before its first update: the difference between tokens, or its gradient.
/// </summary>
internal sealed class SimilarityStudy : Study
{
    private static readonly int[] Depths = [3, 6, 12, 18, 36];
    private static readonly ResidualVariant[] Variants =
    [
        ResidualVariant.PostLn,
        ResidualVariant.PreLn,
        ResidualVariant.Admin,
        ResidualVariant.Rezero,
        ResidualVariant.Keel,
        ResidualVariant.B2t,
    ];

    private sealed record Measured(double Similarity, double GradientKept);

    /// <inheritdoc/>
    public override StudyDescription Description =>
        new()
        {
            Id = "similarity",
            Title = "Tokens become alike before gradients vanish",
            Place = "Yu and Zhang, JMLR 27 (2026) 64; Wang et al. 2026 (attention amplification); Liu et al. 2020",
            Claim =
                "Before training the tokens at the output of a deep Post-LN encoder are nearly one direction while "
                + "its gradient still reaches the input; with Keel, B2T and ReZero they stay as different as after "
                + "a few layers.",
            Criterion =
                "At 18 and 36 layers: the mean cosine of two tokens of a sentence at the encoder's output, mean over "
                + "seeds, is above 0.95 with Post-LN, where the encoder keeps (|dL/dx_1| / |dL/dx_n|, geometric mean "
                + "over seeds) more than 0.5 of its gradient; with Keel, B2T and ReZero it is below that of Pre-LN "
                + "at 6 layers.",
            Paper = "Similarity \"escalates\" in post-norm encoders; collapse comes before vanishing gradients.",
            Minutes = 0.5,
            Hours = 0.5,
        };

    /// <inheritdoc/>
    public override StudyFindings Run(StudyContext context)
    {
        var (dim, tokens) = (context.Pick(64, 256), context.Pick(256, 1024));
        var seeds = StudyWords.Seeds(context.Pick(3, 5));
        var text = context.Texts.Of(TrainingText.OfHelp());
        var cells = (from variant in Variants from layers in Depths select (variant, layers)).ToList();
        var found = cells
            .Zip(
                context.Each(
                    "measuring",
                    cells,
                    cell =>
                    {
                        var shape = SmallTraining.Narrow(cell.variant, cell.layers, cell.variant, 1, dim);
                        var subject = InitialModels.Of(shape, text, tokens);
                        var all = seeds.Select(seed => InitialModels.Examine(subject, seed, Measure)).ToList();
                        return new Measured(
                            all.Average(one => one.Similarity),
                            GradientPath.GeometricMean(all.Select(one => one.GradientKept))
                        );
                    }
                )
            )
            .ToDictionary(entry => entry.First, entry => entry.Second);
        return new StudyFindings(
            [.. Conditions(found)],
            $"Mean cosine at 18 layers: {string.Join(
                ", ",
                Variants.Select(variant => $"{variant.Name()} {StudyWords.Fixed(found[(variant, 18)].Similarity)}")
            )}. Post-LN keeps {StudyWords.Fixed(found[(ResidualVariant.PostLn, 18)].GradientKept)} of its gradient.",
            seeds,
            [
                StudyWords.Setting("encoder layers", string.Join(", ", Depths)),
                StudyWords.Setting("decoder layers", 1),
                StudyWords.Setting("dim", dim),
                StudyWords.Setting("tokens", tokens),
            ]
        )
        {
            Remarks =
                "Before the criterion was written, the cosines of one seed of the quickstart's shape, 128 channels "
                + "wide with an encoder of 18 layers, had been looked at.",
            Drawings =
            [
                Draw(
                    Description.Id,
                    "Similarity of tokens at the encoder's output, before training",
                    "1: all tokens of a sentence are one direction.",
                    "mean cosine",
                    cell => found[cell].Similarity
                ),
                Draw(
                    Description.Id + "-gradient",
                    "Gradient that the encoder keeps, before training",
                    "The gradient's norm at the first sublayer over that at the last.",
                    "|dL/dx_1| / |dL/dx_n|",
                    cell => found[cell].GradientKept
                ) with
                {
                    LogarithmicY = true,
                },
            ],
        };
    }

    private static IEnumerable<Condition> Conditions(Dictionary<(ResidualVariant, int), Measured> found)
    {
        var reference = found[(ResidualVariant.PreLn, 6)].Similarity;
        foreach (var layers in (int[])[18, 36])
        {
            var post = found[(ResidualVariant.PostLn, layers)];
            yield return Condition.Above($"Post-LN, {layers} layers: mean cosine", post.Similarity, 0.95);
            yield return Condition.Above($"Post-LN, {layers} layers: gradient kept", post.GradientKept, 0.5);
            foreach (
                var variant in (ResidualVariant[])[ResidualVariant.Keel, ResidualVariant.B2t, ResidualVariant.Rezero]
            )
            {
                yield return Condition.Below(
                    $"{variant.Name()}, {layers} layers: mean cosine",
                    found[(variant, layers)].Similarity,
                    reference
                );
            }
        }
    }

    private static Measured Measure(Transformer model, Probe probe)
    {
        using var scope = NewDisposeScope();
        var pass = DiagnosedPass.Of(model, probe.Input);
        var encoder = StackName.Encoder.Word();
        return new Measured(
            TokenSimilarity.Measure([pass]).Last(found => found.Place.Stack == encoder).Value,
            GradientPath
                .Of(StackName.Encoder, GradientBalance.Measure(model, probe.Input, probe.Backward).Sublayers)
                .Kept
        );
    }

    private static LineDrawing Draw(
        string name,
        string title,
        string reading,
        string yLabel,
        Func<(ResidualVariant, int), double> value
    ) =>
        new(
            name,
            title,
            reading,
            "layers of the encoder",
            yLabel,
            [
                .. Variants.Select(
                    (variant, i) =>
                        new LineSeries(
                            variant.Name(),
                            [.. Depths.Select(layers => ((double)layers, value((variant, layers))))],
                            i
                        )
                ),
            ]
        );
}
