using TransformerClinic.Diagnosis;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using TransformerClinic.Reports.Charts;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>Figure 3: where the gradient is lost along 18+18 layers.</summary>
internal sealed class GradientNormStudy : Study
{
    private const int Layers = 18;
    private const double Vanished = 0.2;
    private const double Kept = 0.5;
    private static readonly ResidualVariant[] Variants = [ResidualVariant.PostLn, ResidualVariant.PreLn];
    private static readonly StackName[] Stacks = [StackName.Encoder, StackName.Decoder];

    private sealed record Measured(GradientPath Encoder, GradientPath Decoder, double Predicted)
    {
        public double Largest => Math.Max(Encoder.Norms.Max(), Decoder.Norms.Max());

        public GradientPath Of(StackName stack) => stack == StackName.Encoder ? Encoder : Decoder;
    }

    /// <inheritdoc/>
    public override StudyDescription Description =>
        new()
        {
            Id = "fig3",
            Title = "Gradient norm of sublayer outputs, 18+18 layers, before training",
            Place = "Liu et al. 2020, figure 3 and theorem 1",
            Claim =
                "Of the stacks of Post-LN and Pre-LN Transformers, only the decoder of Post-LN loses its gradient "
                + "on the way to its input, and it loses it through cross-attention.",
            Criterion =
                "With the geometric mean over seeds of |dL/dx_1| / |dL/dx_n|: below 0.2 in the Post-LN decoder and "
                + "above 0.5 in the three other stacks; more than 80 % of the Post-LN decoder's loss (of its "
                + "logarithm) is across cross-attention sublayers; and that part is within a factor of 1.5 of our "
                + "own prediction, the product of (1 + Var[f] / Var[x])^(-1/2) over them.",
            Paper = "\"Only the Post-LN decoder vanishes\", at its attention to the encoder; no numbers can be read.",
            Minutes = 0.1,
            Hours = 0.3,
        };

    /// <inheritdoc/>
    public override StudyFindings Run(StudyContext context)
    {
        var (dim, tokens) = (context.Pick(64, 512), context.Pick(256, 1024));
        var seeds = StudyWords.Seeds(context.Pick(3, 5));
        var text = context.Texts.Of(TrainingText.OfHelp());
        var cells = Variants.SelectMany(_ => seeds, (variant, seed) => (variant, seed)).ToList();
        var measured = context.Each(
            "measuring",
            cells,
            cell =>
                InitialModels.Examine(
                    InitialModels.Of(SmallTraining.Narrow(cell.variant, Layers, dim), text, tokens),
                    cell.seed,
                    Measure
                )
        );
        var byVariant = Variants.Select((_, i) => measured.Skip(i * seeds.Count).Take(seeds.Count).ToList()).ToList();
        var (post, pre) = (byVariant[0], byVariant[1]);
        var decoder = GradientPath.GeometricMean(post.Select(found => found.Decoder.Kept));
        var across = GradientPath.GeometricMean(
            post.Select(found => found.Decoder.KeptThrough(SublayerKind.CrossAttention))
        );
        var predicted = GradientPath.GeometricMean(post.Select(found => found.Predicted));
        double KeptIn(List<Measured> found, StackName stack) =>
            GradientPath.GeometricMean(found.Select(one => one.Of(stack).Kept));
        var least = Math.Min(
            KeptIn(post, StackName.Encoder),
            Math.Min(KeptIn(pre, StackName.Encoder), KeptIn(pre, StackName.Decoder))
        );
        return new StudyFindings(
            [
                Condition.Below("Post-LN decoder: gradient kept", decoder, Vanished),
                Condition.Above("Post-LN encoder: gradient kept", KeptIn(post, StackName.Encoder), Kept),
                Condition.Above("Pre-LN encoder: gradient kept", KeptIn(pre, StackName.Encoder), Kept),
                Condition.Above("Pre-LN decoder: gradient kept", KeptIn(pre, StackName.Decoder), Kept),
                Condition.Above(
                    "Post-LN decoder: share of the loss across cross-attention",
                    Math.Log(across) / Math.Log(decoder),
                    0.8
                ),
                Condition.Between(
                    "Post-LN decoder: kept across cross-attention over the prediction",
                    across / predicted,
                    1 / 1.5,
                    1.5
                ),
            ],
            $"The Post-LN decoder keeps {StudyWords.Fixed(100 * decoder, 1)} % of its gradient, "
                + $"{StudyWords.Fixed(100 * across, 1)} % across cross-attention, where "
                + $"{StudyWords.Fixed(100 * predicted, 1)} % were predicted; the other stacks keep at least "
                + $"{StudyWords.Fixed(least)} "
                + "of theirs.",
            seeds,
            [
                StudyWords.Setting("layers", "18+18"),
                StudyWords.Setting("dim", dim),
                StudyWords.Setting("tokens", tokens),
            ]
        )
        {
            Values =
            [
                new(
                    "Post-LN decoder, 18 layers: norm kept, by (1 + 0.41)^(-18/2) with the authors' mean Var[f] of "
                        + "cross-attention",
                    "0.045 (predicted)",
                    StudyWords.Fixed(across, 3)
                ),
            ],
            Drawings = [.. Stacks.Select(stack => Draw(stack, byVariant))],
            Tables = [Table(byVariant)],
        };
    }

    private static Measured Measure(Transformer model, Probe probe)
    {
        var gradients = GradientBalance.Measure(model, probe.Input, probe.Backward).Sublayers;
        return new Measured(
            GradientPath.Of(StackName.Encoder, gradients),
            GradientPath.Of(StackName.Decoder, gradients),
            Predict(ModelActivity.Measure(model, [probe.Input]))
        );
    }

    /// <summary>
    /// The product over the decoder's cross-attention of <c>(1 + Var[f] / Var[x])^(-1/2)</c>: its queries, the only
    /// path from f back to x, have almost no gradient.
    /// </summary>
    private static double Predict(ModelActivity activity) =>
        activity
            .Sublayers.Where(sublayer => sublayer.Place.Address?.Kind == SublayerKind.CrossAttention)
            .Aggregate(
                1.0,
                (kept, sublayer) => kept / Math.Sqrt(1 + Math.Pow(sublayer.BranchRms / sublayer.ShortcutRms, 2))
            );

    private static GradientPath Mean(StackName stack, List<Measured> found) =>
        GradientPath.MeanOf([.. found.Select(one => one.Of(stack))], [.. found.Select(one => one.Largest)]);

    private LineDrawing Draw(StackName stack, List<List<Measured>> byVariant) =>
        new(
            $"{Description.Id}-{stack.Word()}",
            $"Gradient norm in the {stack.Word()}, 18+18 layers",
            stack == StackName.Encoder
                ? "Neither encoder loses its gradient."
                : "The Post-LN decoder loses a little at every third sublayer, where it attends to the encoder.",
            "sublayer, from input to output",
            "relative gradient norm",
            [
                .. Variants.Select(
                    (variant, i) =>
                        new LineSeries(
                            variant.Name(),
                            [.. Mean(stack, byVariant[i]).Norms.Select((norm, at) => (at + 1.0, norm))],
                            i
                        )
                ),
            ]
        )
        {
            LogarithmicY = true,
        };

    private StudyTable Table(List<List<Measured>> byVariant) =>
        new(
            Description.Id + "-norms",
            ["variant", "stack", "sublayer", "name", "relativeNorm"],
            [
                .. from variant in Variants.Index()
                from stack in Stacks
                let mean = Mean(stack, byVariant[variant.Index])
                from at in Enumerable.Range(0, mean.Norms.Count)
                select (IReadOnlyList<object?>)[variant.Item, stack, at + 1, mean.Places[at].Name, mean.Norms[at]],
            ]
        );
}
