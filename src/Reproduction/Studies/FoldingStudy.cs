using TorchSharp;
using TransformerClinic.Common;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Folding;
using TransformerClinic.Model;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>Appendix C: a model with Admin's omegas and the plain Post-LN model that they are folded into.</summary>
internal sealed class FoldingStudy : Study
{
    private const int Layers = 6;

    // As far as training moves omegas, and farther: e^(0.3 n), n normal.
    private const double Spread = 0.3;

    /// <inheritdoc/>
    public override StudyDescription Description =>
        new()
        {
            Id = "folding",
            Title = "Folding Admin's omega into a plain Post-LN model",
            Place = "Liu et al. 2020, section 4.3 and appendix C",
            Claim =
                "A model with Admin's omegas computes the same function as a plain Post-LN model of the same shape "
                + "with other weights, which include the first omega of each stack.",
            Criterion =
                "For 6+6-layer models with random omegas in every channel, in float64, the logits of the model and "
                + "the folded model differ by less than 1e-10 of the largest logit; without the first omegas they "
                + "differ by more than 1e-2 of it.",
            Paper = "Stated without a measurement: \"can be converted to Post-LN after training\".",
            Minutes = 0.1,
            Hours = 0.1,
        };

    /// <inheritdoc/>
    public override StudyFindings Run(StudyContext context)
    {
        var dim = context.Pick(64, 512);
        var seeds = StudyWords.Seeds(context.Pick(5, 10));
        var shape = SmallTraining.Narrow(ResidualVariant.Admin, Layers, dim);
        static StackOptions Trainable(StackOptions stack) => stack with { FirstOmega = FirstOmega.Trainable };
        var subject = InitialModels.Of(
            shape with
            {
                Encoder = Trainable(shape.Encoder),
                Decoder = Trainable(shape.Decoder),
            },
            context.Texts.Of(TrainingText.OfHelp()),
            tokens: 256
        );
        var differences = context.Each(
            "folding",
            seeds,
            seed => InitialModels.Examine(subject, seed, (model, probe) => Compare(model, probe, seed))
        );
        var (whole, without) = (differences.Max(found => found.Folded), differences.Min(found => found.WithoutFirst));
        return new StudyFindings(
            [
                Condition.Below("largest difference of the logits, relative", whole, 1e-10),
                Condition.Above("smallest such difference without the first omegas", without, 1e-2),
            ],
            $"Folded models differ by {Condition.Number(whole)} of the largest logit at most; without the first "
                + $"omegas by {StudyWords.Fixed(without)} at least.",
            seeds,
            [
                StudyWords.Setting("layers", "6+6"),
                StudyWords.Setting("dim", dim),
                StudyWords.Setting(
                    "omega",
                    FormattableString.Invariant($"profiled, each channel times e^({Spread} n), n normal")
                ),
            ]
        )
        {
            Tables =
            [
                new StudyTable(
                    Description.Id + "-differences",
                    ["seed", "relativeDifference", "relativeDifferenceWithoutFirstOmegas"],
                    [
                        .. seeds.Zip(
                            differences,
                            (seed, found) => (IReadOnlyList<object?>)[seed, found.Folded, found.WithoutFirst]
                        ),
                    ]
                ),
            ],
            Remarks = "`clinic fold` does this to a trained model and certifies it (folding.md).",
        };
    }

    private static (double Folded, double WithoutFirst) Compare(Transformer model, Probe probe, long seed)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using Scalar spread = Spread;
        foreach (
            var (place, residual) in model
                .Encoder.Residuals.Concat(model.Decoder.Residuals)
                .Cast<AdminResidual>()
                .Index()
        )
        {
            using var random = new Generator(CounterRandom.At(seed, "omega", place), CPU);
            residual.Omega.mul_(
                (randn([model.Options.Dim], dtype: ScalarType.Float64, generator: random) * spread).exp()
            );
        }

        using var folded = ResidualFolding.Fold(model).Model;
        var logits = probe.Input.Forward(model);
        var difference = Difference(logits, probe.Input.Forward(folded));
        folded.Encoder.InputScale!.fill_(HeldScalars.One);
        folded.Decoder.InputScale!.fill_(HeldScalars.One);
        return (difference, Difference(logits, probe.Input.Forward(folded)));
    }

    private static double Difference(Tensor logits, Tensor others) =>
        (logits - others).abs().max().item<double>() / logits.abs().max().item<double>();
}
