using TransformerClinic.Data;
using TransformerClinic.Model;
using TransformerClinic.Reports.Charts;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Residuals;
using TransformerClinic.Training;
using TransformerClinic.Training.Profiling;
using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>How much Admin's omegas depend on the batch that is profiled.</summary>
internal sealed class ProfilingBatchStudy : Study
{
    private const int Layers = 18;
    private static readonly int[] Sizes = [128, 256, 512, 1024, 2048, 4096, 8192];

    /// <inheritdoc/>
    public override StudyDescription Description =>
        new()
        {
            Id = "profiling-batch",
            Title = "Profiling with batches of different sizes",
            Place = "Liu et al. 2020, section 4.3 (\"no more than 8192 tokens\")",
            Claim =
                "Admin's omegas hardly depend on how many tokens are profiled: with 512 tokens they equal those of "
                + "8192 within 3 %.",
            Criterion =
                "The largest relative difference between an omega profiled on 512 tokens and the same omega profiled "
                + "on 8192, over all sublayers of both stacks of an 18+18-layer model, mean over seeds, is below 3 "
                + "%.",
            Paper =
                "\"A small number of instances is sufficient\"; the first batch of no more than 8192 tokens is used.",
            Minutes = 0.1,
            Hours = 0.3,
        };

    /// <inheritdoc/>
    public override StudyFindings Run(StudyContext context)
    {
        var dim = context.Pick(64, 512);
        var seeds = StudyWords.Seeds(context.Pick(3, 5));
        var text = context.Texts.Of(TrainingText.OfHelp());
        var cells = (from size in Sizes from seed in seeds select (size, seed)).ToList();
        var omegas = context.Each("profiling", cells, cell => Profile(text, dim, cell.size, cell.seed));
        IReadOnlyList<double> Of(int size, int seed) => omegas[(Array.IndexOf(Sizes, size) * seeds.Count) + seed];
        double Difference(int size) =>
            Enumerable
                .Range(0, seeds.Count)
                .Average(seed =>
                    Of(size, seed).Zip(Of(Sizes[^1], seed), (few, many) => Math.Abs((few / many) - 1)).Max()
                );
        return new StudyFindings(
            [
                Condition.Below(
                    "largest relative difference of an omega, 512 against 8192 tokens",
                    Difference(512),
                    0.03
                ),
            ],
            $"512 tokens give omegas within {StudyWords.Fixed(100 * Difference(512), 1)} % of those of 8192, and 128 "
                + $"within {StudyWords.Fixed(100 * Difference(128), 1)} %.",
            seeds,
            [StudyWords.Setting("layers", "18+18"), StudyWords.Setting("dim", dim), StudyWords.Setting("dropout", 0.1)]
        )
        {
            Drawings =
            [
                new LineDrawing(
                    Description.Id,
                    "Omegas of small batches against those of 8192 tokens",
                    "The largest relative difference over 90 sublayers, mean over seeds.",
                    "tokens profiled",
                    "largest relative difference",
                    [
                        new LineSeries(
                            "18+18 layers",
                            [.. Sizes.SkipLast(1).Select(size => ((double)size, Difference(size)))],
                            0
                        ),
                    ]
                )
                {
                    LogarithmicX = true,
                },
            ],
            Tables =
            [
                new StudyTable(
                    Description.Id + "-omegas",
                    ["tokens", "seed", "sublayer", "omega"],
                    [
                        .. cells
                            .Zip(omegas)
                            .SelectMany(entry =>
                                entry.Second.Select(
                                    (omega, i) =>
                                        (IReadOnlyList<object?>)[entry.First.size, entry.First.seed, i + 1, omega]
                                )
                            ),
                    ]
                ),
            ],
        };
    }

    private static IReadOnlyList<double> Profile(TaskText text, int dim, int tokens, long seed)
    {
        using var model = new Transformer(
            SmallTraining.Narrow(ResidualVariant.Admin, Layers, dim) with
            {
                Dropout = 0.1,
            },
            text.Vocabulary,
            Text.Vocabulary.Pad,
            seed
        );
        var batch = new BatchCursor(new TokenBatches(text.Train, tokens), seed).Next();
        return
        [
            .. ModelProfiling
                .Run(model, [batch], new ProfilingOptions(), seed, CPU)!
                .Connections.Select(connection => connection.Omega),
        ];
    }
}
