using TransformerClinic.Model;

namespace TransformerClinic.Bench.Training;

/// <summary>A model and a batch to measure training with.</summary>
/// <param name="Name">The letter that selects it.</param>
/// <param name="Says">What it is.</param>
/// <param name="Model">The model's shape.</param>
/// <param name="Vocabulary">Size of the joint vocabulary.</param>
/// <param name="TokensPerBatch">Token budget of a batch.</param>
/// <param name="Length">Length of both sides of the full batches, in tokens without padding.</param>
internal sealed record TrainingConfiguration(
    string Name,
    string Says,
    ModelOptions Model,
    int Vocabulary,
    int TokensPerBatch,
    int Length
)
{
    public static IReadOnlyList<TrainingConfiguration> All { get; } =
    [
        new(
            "A",
            "6+6 layers, dim 512, ffn 1024, vocabulary 10k, 4096 tokens: the paper's IWSLT model",
            Shape(6, 6, 512, 1024),
            10_000,
            4096,
            32
        ),
        new(
            "B",
            "18+18 layers, dim 256, ffn 1024, vocabulary 8k, 2048 tokens",
            Shape(18, 18, 256, 1024),
            8_000,
            2048,
            32
        ),
        new(
            "C",
            "6+3 layers, dim 128, ffn 512, vocabulary 4k, 400 tokens: as wide as the quickstart",
            Shape(6, 3, 128, 512),
            4_000,
            400,
            20
        ),
        new(
            "D",
            "100+100 layers, dim 128, ffn 512, vocabulary 8k, 1024 tokens",
            Shape(100, 100, 128, 512),
            8_000,
            1024,
            32
        ),
    ];

    public static TrainingConfiguration Named(string name) => All.Single(one => one.Name == name);

    public static ModelOptions Shape(int encoder, int decoder, int dim, int feedForward) =>
        new()
        {
            Encoder = new StackOptions { Layers = encoder },
            Decoder = new StackOptions { Layers = decoder },
            Dim = dim,
            Heads = 4,
            FeedForwardDim = feedForward,
            Dropout = 0.1,
        };
}
