using TransformerClinic.Model;
using TransformerClinic.Reports.Charts;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Residuals;
using TransformerClinic.Training;
using TransformerClinic.Training.Profiling;
using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>
/// The omegas of the authors' code, those of the closed form, and those that the authors published, along 100+100
/// layers.
/// </summary>
internal sealed class OmegaStudy : Study
{
    private const int AuthorsDim = 512;
    private const int Layers = 100;

    // From the authors' profile of 100+100 layers (docs/data/authors-profile-100l.csv).
    private static readonly (int Index, double Omega)[] Published =
    [
        (1, 1.000),
        (2, 1.319),
        (3, 1.455),
        (6, 1.696),
        (12, 2.173),
        (18, 2.588),
        (24, 2.962),
        (36, 3.621),
        (72, 5.185),
        (100, 6.162),
        (200, 8.836),
    ];
    private static readonly StackName[] Stacks = [StackName.Encoder, StackName.Decoder];

    private sealed record Omegas(IReadOnlyList<double> Recursion, IReadOnlyList<double> ClosedForm)
    {
        public double LargestDifference =>
            Recursion.Zip(ClosedForm, (recursion, closed) => Math.Abs((recursion / closed) - 1)).Max();
    }

    /// <inheritdoc/>
    public override StudyDescription Description =>
        new()
        {
            Id = "omega",
            Title = "Admin's omega: the code's recursion against the closed form, 100+100 layers",
            Place = "Liu et al. 2020, section 4.3; the authors' transformer_layer.py and profile.ratio.init",
            Claim =
                "The omegas of the authors' code, measured in the network that already has the earlier ones, equal "
                + "those of the closed form sqrt(Var[x_0] + sum_{j<i} Var[f_j]) with every omega at 1, within 10 %.",
            Criterion =
                "The largest relative difference over all sublayers after the first of both stacks, mean over "
                + "seeds, is below 10 %.",
            Paper =
                "The authors' profile of 100+100 layers of dimension 512: omega_36 3.62, omega_100 6.16, omega_200 "
                + "8.84 in the encoder.",
            Minutes = 0.2,
            Hours = 0.2,
        };

    /// <inheritdoc/>
    public override StudyFindings Run(StudyContext context)
    {
        // Not the authors' 512: at that width 100+100 layers have 730 million weights, and two models at a time took 19
        // GB.
        var dim = context.Pick(64, 256);
        var tokens = context.Pick(1024, 8192);
        var seeds = StudyWords.Seeds(context.Pick(3, 5));
        var text = context.Texts.Of(TrainingText.OfHelp());
        var found = context.Each(
            "profiling",
            seeds,
            seed =>
                Stacks
                    .Select(stack =>
                        Measure(
                            stack,
                            Profile(ResidualVariant.Admin, dim, text, tokens, seed),
                            Profile(ResidualVariant.AdminFormula, dim, text, tokens, seed)
                        )
                    )
                    .ToList()
        );
        var difference = Enumerable
            .Range(0, Stacks.Length)
            .Max(stack => found.Average(omegas => omegas[stack].LargestDifference));
        double Mean(Func<Omegas, IReadOnlyList<double>> of, int index) =>
            found.Average(omegas => of(omegas[0])[index - 1]);
        var fromPublished = Published
            .Skip(1)
            .Max(published => Math.Abs((Mean(omegas => omegas.Recursion, published.Index) / published.Omega) - 1));
        return new StudyFindings(
            [Condition.Below("largest relative difference of recursion and closed form", difference, 0.1)],
            $"Recursion and closed form differ by {StudyWords.Fixed(100 * difference, 1)} % at most. The encoder's "
                + $"omegas are within {StudyWords.Fixed(100 * fromPublished, 0)} % of those that the authors "
                + $"published, for a model {AuthorsDim / dim} times as wide on other text.",
            seeds,
            [
                StudyWords.Setting("layers", "100+100"),
                StudyWords.Setting("dim", dim),
                StudyWords.Setting("feed-forward dim", 4 * dim),
                StudyWords.Setting("dropout", 0.1),
                StudyWords.Setting("tokens", tokens),
            ]
        )
        {
            Values =
            [
                .. Published
                    .Skip(1)
                    .Select(published => new ComparedValue(
                        $"omega_{published.Index} of the encoder",
                        StudyWords.Fixed(published.Omega, 3),
                        StudyWords.Fixed(Mean(omegas => omegas.Recursion, published.Index), 3)
                    )),
            ],
            Drawings =
            [
                new LineDrawing(
                    Description.Id,
                    "Admin's omega along an encoder of 100 layers",
                    "Mean over seeds. The authors' points are for a model of dimension 512 on WMT'14.",
                    "sublayer",
                    "omega",
                    [
                        new LineSeries(
                            "the code's recursion",
                            [
                                .. Enumerable
                                    .Range(1, 2 * Layers)
                                    .Where(i => i % 5 == 1)
                                    .Select(i => ((double)i, Mean(omegas => omegas.Recursion, i))),
                            ],
                            0,
                            Thin: true
                        ),
                        new LineSeries(
                            "closed form",
                            [
                                .. Enumerable
                                    .Range(1, 2 * Layers)
                                    .Where(i => i % 5 == 1)
                                    .Select(i => ((double)i, Mean(omegas => omegas.ClosedForm, i))),
                            ],
                            1,
                            Thin: true
                        ),
                        new LineSeries(
                            "published by the authors",
                            [.. Published.Select(published => ((double)published.Index, published.Omega))],
                            2
                        ),
                    ]
                ),
            ],
            Tables =
            [
                new StudyTable(
                    Description.Id + "-all",
                    ["stack", "sublayer", "seed", "recursion", "closedForm"],
                    [
                        .. from stack in Enumerable.Range(0, Stacks.Length)
                        from i in Enumerable.Range(0, found[0][stack].Recursion.Count)
                        from seed in Enumerable.Range(0, seeds.Count)
                        select (IReadOnlyList<object?>)
                            [
                                Stacks[stack],
                                i + 1,
                                seeds[seed],
                                found[seed][stack].Recursion[i],
                                found[seed][stack].ClosedForm[i],
                            ],
                    ]
                ),
            ],
        };
    }

    private static AdminProfile Profile(ResidualVariant variant, int dim, TaskText text, int tokens, long seed)
    {
        var subject = InitialModels.Of(
            SmallTraining.Narrow(variant, Layers, dim) with
            {
                FeedForwardDim = 4 * dim,
                Dropout = 0.1,
            },
            text,
            tokens
        );
        using var model = new Transformer(subject.Model, text.Vocabulary, Text.Vocabulary.Pad, seed);
        return ModelProfiling.Run(
            model,
            [new BatchCursor(new Data.TokenBatches(text.Train, tokens), seed).Next()],
            new ProfilingOptions(),
            seed,
            CPU
        )!;
    }

    /// <summary>
    /// The closed form's variances are those of the network whose omegas are all 1, as found by profiling with the
    /// printed formula.
    /// </summary>
    private static Omegas Measure(StackName stack, AdminProfile admin, AdminProfile formula)
    {
        static List<ProfiledConnection> Of(StackName stack, AdminProfile profile) =>
            [.. profile.Connections.Where(connection => connection.Chain == stack.Word())];
        var (recursion, plain) = (Of(stack, admin), Of(stack, formula));
        var sum = plain[0].ShortcutVariance;
        var closed = new List<double> { 1 };
        foreach (var connection in plain.SkipLast(1))
        {
            sum += connection.BranchVariance;
            closed.Add(Math.Sqrt(sum));
        }

        return new Omegas([.. recursion.Select(connection => connection.Omega)], closed);
    }
}
