using TransformerClinic.Diagnosis;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using TransformerClinic.Reports.Charts;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>
/// A consequence of figure 3 that is not in the paper: without cross-attention a Post-LN decoder keeps its gradient.
/// </summary>
internal sealed class DecoderOnlyStudy : Study
{
    private const int Layers = 18;

    private sealed record Measured(GradientPath Alone, GradientPath WithCrossAttention);

    /// <inheritdoc/>
    public override StudyDescription Description =>
        new()
        {
            Id = "decoder-only",
            Title = "Gradient norm in a decoder-only Post-LN stack of 18 layers",
            Place = "follows from Liu et al. 2020, theorem 1; not in the paper",
            Claim =
                "A decoder-only Post-LN stack, which has no cross-attention, does not lose its gradient on the way "
                + "to its input.",
            Criterion =
                "The geometric mean over seeds of |dL/dx_1| / |dL/dx_n| is above 0.5 in a causal language model of "
                + "18 Post-LN layers, and below 0.2 in the decoder of an 18+18-layer Post-LN model with the same "
                + "weight distribution, text and loss.",
            Paper = "Not tested there.",
            Minutes = 0.1,
            Hours = 0.3,
        };

    /// <inheritdoc/>
    public override StudyFindings Run(StudyContext context)
    {
        var (dim, tokens) = (context.Pick(64, 512), context.Pick(256, 1024));
        var seeds = StudyWords.Seeds(context.Pick(3, 5));
        var subject = InitialModels.Of(
            SmallTraining.Narrow(ResidualVariant.PostLn, Layers, dim),
            context.Texts.Of(TrainingText.OfHelp()),
            tokens
        );
        var measured = context.Each("measuring", seeds, seed => InitialModels.Examine(subject, seed, Measure));
        var (alone, crossed) = (
            GradientPath.GeometricMean(measured.Select(found => found.Alone.Kept)),
            GradientPath.GeometricMean(measured.Select(found => found.WithCrossAttention.Kept))
        );
        return new StudyFindings(
            [
                Condition.Above("decoder-only stack: gradient kept", alone, 0.5),
                Condition.Below("decoder with cross-attention: gradient kept", crossed, 0.2),
            ],
            $"The decoder-only stack keeps {StudyWords.Fixed(alone)} of its gradient, the decoder with "
                + $"cross-attention {StudyWords.Fixed(crossed, 3)}.",
            seeds,
            [StudyWords.Setting("layers", Layers), StudyWords.Setting("dim", dim), StudyWords.Setting("tokens", tokens)]
        )
        {
            Drawings =
            [
                new LineDrawing(
                    Description.Id,
                    "Gradient norm of 18 Post-LN layers",
                    "Over the relative position in the stack: 36 sublayers without cross-attention, 54 with it.",
                    "sublayer, from input to output",
                    "relative gradient norm",
                    [
                        Line("decoder-only", measured.Select(found => found.Alone), 0),
                        Line("with cross-attention", measured.Select(found => found.WithCrossAttention), 1),
                    ]
                )
                {
                    LogarithmicY = true,
                },
            ],
        };
    }

    /// <summary>
    /// The encoder's layers under a causal mask, read as a language model of the target text, and the decoder of the
    /// same model.
    /// </summary>
    private static Measured Measure(Transformer model, Probe probe)
    {
        using var scope = NewDisposeScope();
        var tokens = probe.Input.PreviousOutput;
        var causal = full([tokens.shape[1], tokens.shape[1]], HeldScalars.MinusInfinity, ScalarType.Float64).triu_(1);
        var languageModel = new DiagnosedPass(
            model,
            () => model.Project(model.Encoder.Apply(model.Embed(tokens, model.Embeddings.Target), causal))
        );
        return new Measured(
            GradientPath.Of(StackName.Encoder, GradientBalance.Measure(languageModel, probe.Backward).Sublayers),
            GradientPath.Of(StackName.Decoder, GradientBalance.Measure(model, probe.Input, probe.Backward).Sublayers)
        );
    }

    private static LineSeries Line(string name, IEnumerable<GradientPath> paths, int color)
    {
        GradientPath[] all = [.. paths];
        return new LineSeries(
            name,
            [
                .. GradientPath
                    .MeanOf(all, [.. all.Select(path => path.Norms.Max())])
                    .Norms.Select((norm, i) => (i + 1.0, norm)),
            ],
            color
        );
    }
}
