using System.Globalization;
using System.Text.Json.Serialization;
using TransformerClinic.Model;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Residuals;
using TransformerClinic.Training;
using TransformerClinic.Training.Schedules;

namespace TransformerClinic.Bench.Prediction;

/// <summary>One small training of a grid.</summary>
/// <param name="Variant">The variant of both stacks.</param>
/// <param name="Layers">Layers of each stack.</param>
/// <param name="LearningRate">The highest learning rate.</param>
/// <param name="WarmUpUpdates">Updates over which it rises.</param>
/// <param name="Seed">Decides initial weights and order of the data.</param>
internal sealed record GridCell(
    ResidualVariant Variant,
    int Layers,
    double LearningRate,
    int WarmUpUpdates,
    long Seed = GridCell.FirstSeed
)
{
    public const int Updates = 300;
    public const int TokensPerBatch = 400;
    private const long FirstSeed = 1;
    private const int Width = 32;
    private static readonly ResidualVariant[] Variants =
    [
        ResidualVariant.PostLn,
        ResidualVariant.PreLn,
        ResidualVariant.Admin,
    ];

    /// <summary>The task of all of them.</summary>
    public static TrainingText Text => TrainingText.OfReversal();

    /// <summary>The grid that the rule comes from.</summary>
    public static IReadOnlyList<GridCell> Known => Grid([2, 6, 12], [1e-3, 3e-3, 1e-2, 3e-2], [1, 100], FirstSeed);

    /// <summary>A grid of other depths, rates, warm-ups and another seed, trained when the rule was finished.</summary>
    public static IReadOnlyList<GridCell> Unseen => Grid([4, 9], [2e-3, 6e-3, 2e-2], [1, 50], FirstSeed + 1);

    [JsonIgnore]
    public string Name =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Variant.Key()}-{Layers}-{LearningRate}-{WarmUpUpdates}{(Seed == FirstSeed ? "" : $"-seed{Seed}")}"
        );

    [JsonIgnore]
    public ModelOptions Model
    {
        get
        {
            var stack = new StackOptions { Layers = Layers, Variant = Variant };
            return new ModelOptions
            {
                Encoder = stack,
                Decoder = stack,
                Dim = Width,
                Heads = 4,
                FeedForwardDim = 2 * Width,
                Dropout = 0,
                MaxPositions = 32,
            };
        }
    }

    [JsonIgnore]
    public TrainingOptions Training =>
        new()
        {
            MaxUpdates = Updates,
            TokensPerBatch = TokensPerBatch,
            Optimizer = new OptimizerOptions { Name = OptimizerName.Adam },
            Schedule = new ScheduleOptions
            {
                Name = ScheduleName.Linear,
                LearningRate = LearningRate,
                WarmUpUpdates = WarmUpUpdates,
            },
        };

    /// <summary>depth x variant x learning rate x warm-up</summary>
    private static IReadOnlyList<GridCell> Grid(int[] depths, double[] learningRates, int[] warmUps, long seed) =>
        [
            .. from layers in depths
            from variant in Variants
            from learningRate in learningRates
            from warmUp in warmUps
            select new GridCell(variant, layers, learningRate, warmUp, seed),
        ];
}
