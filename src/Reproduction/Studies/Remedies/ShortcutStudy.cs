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
/// Keel's argument: what only the shortcuts would bring of the gradient to the input, against what really arrives.
/// </summary>
internal sealed class ShortcutStudy : Study
{
    private const int Layers = 36;
    private static readonly ResidualVariant[] Variants =
    [
        ResidualVariant.PostLn,
        ResidualVariant.Admin,
        ResidualVariant.Keel,
        ResidualVariant.PreLn,
    ];

    /// <inheritdoc/>
    public override StudyDescription Description =>
        new()
        {
            Id = "shortcut-gradient",
            Title = "The gradient through only the shortcuts, and the true one",
            Place = "Chen and Wei 2026 (Keel), equation 14; Liu et al. 2020, section 3",
            Claim =
                "In a deep Post-LN encoder the product of the shortcuts' Jacobians vanishes while the true gradient, "
                + "which also goes through the branches, does not.",
            Criterion =
                "In a Post-LN encoder of 36 layers before training, geometric means over seeds: through only "
                + "its shortcuts the gradient at the first sublayer would be less than 0.001 of that at the "
                + "output; truly it is more than 0.5 of it. With Keel both are more than 0.5.",
            Paper =
                "Keel: the product falls as (1/2)^(L/2) in Post-LN and is held at a constant by alpha = L. The true "
                + "gradient is not shown.",
            Minutes = 0.2,
            Hours = 0.3,
        };

    /// <inheritdoc/>
    public override StudyFindings Run(StudyContext context)
    {
        var (dim, tokens) = (context.Pick(64, 256), context.Pick(256, 1024));
        var seeds = StudyWords.Seeds(context.Pick(3, 5));
        var text = context.Texts.Of(TrainingText.OfHelp());
        var found = Variants
            .Zip(context.Each("measuring", Variants, variant => Of(variant, dim, tokens, seeds, text)))
            .ToDictionary(entry => entry.First, entry => entry.Second);
        string Words(ResidualVariant variant) =>
            $"{variant.Name()}: {Condition.Number(found[variant].True.Kept)} truly, "
            + $"{Condition.Number(found[variant].Shortcuts.Kept)} through shortcuts.";
        var (post, keel) = (found[ResidualVariant.PostLn], found[ResidualVariant.Keel]);
        return new StudyFindings(
            [
                Condition.Below("Post-LN: gradient kept through only the shortcuts", post.Shortcuts.Kept, 1e-3),
                Condition.Above("Post-LN: gradient kept", post.True.Kept, 0.5),
                Condition.Above("Keel: gradient kept through only the shortcuts", keel.Shortcuts.Kept, 0.5),
                Condition.Above("Keel: gradient kept", keel.True.Kept, 0.5),
            ],
            string.Join(" ", Variants.Select(Words)),
            seeds,
            [
                StudyWords.Setting("encoder layers", Layers),
                StudyWords.Setting("decoder layers", 1),
                StudyWords.Setting("dim", dim),
                StudyWords.Setting("tokens", tokens),
            ]
        )
        {
            Drawings =
            [
                new LineDrawing(
                    Description.Id,
                    "Gradient along encoders of 36 layers, relative to that at the output",
                    "Lines that fall towards the input on the left: the product of shortcuts' Jacobians.",
                    "sublayer, from input to output",
                    "relative gradient norm",
                    [
                        .. Variants.SelectMany(
                            (variant, i) =>
                                (LineSeries[])
                                    [
                                        Line(variant.Name(), found[variant].True, 2 * i),
                                        Line($"{variant.Name()}, shortcuts", found[variant].Shortcuts, (2 * i) + 1),
                                    ]
                        ),
                    ]
                )
                {
                    LogarithmicY = true,
                },
            ],
        };
    }

    private static (GradientPath True, GradientPath Shortcuts) Of(
        ResidualVariant variant,
        int dim,
        int tokens,
        IReadOnlyList<long> seeds,
        TaskText text
    )
    {
        var subject = InitialModels.Of(SmallTraining.Narrow(variant, Layers, variant, 1, dim), text, tokens);
        var all = seeds.Select(seed => InitialModels.Examine(subject, seed, Measure)).ToList();
        return (Mean([.. all.Select(one => one.True)]), Mean([.. all.Select(one => one.Shortcuts)]));
    }

    private static (GradientPath True, GradientPath Shortcuts) Measure(Transformer model, Probe probe)
    {
        using var scope = NewDisposeScope();
        var encoder = StackName.Encoder.Word();
        var found = ShortcutGradient
            .Measure(DiagnosedPass.Of(model, probe.Input), probe.Backward)
            .Where(gradient => gradient.Place.Stack == encoder)
            .ToList();
        IReadOnlyList<SublayerPlace> places = [.. found.Select(gradient => gradient.Place)];
        return (
            new GradientPath(places, [.. found.Select(gradient => gradient.Norm)]),
            new GradientPath(places, [.. found.Select(gradient => gradient.ThroughShortcuts)])
        );
    }

    private static GradientPath Mean(IReadOnlyList<GradientPath> paths) =>
        GradientPath.MeanOf(paths, [.. paths.Select(path => path.Norms[^1])]);

    private static LineSeries Line(string name, GradientPath path, int color) =>
        new(name, [.. path.Norms.Select((norm, i) => (i + 1.0, norm))], color);
}
