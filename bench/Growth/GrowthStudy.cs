using TransformerClinic.Bench.Data;
using TransformerClinic.Data;
using TransformerClinic.Model;
using TransformerClinic.Text;
using TransformerClinic.Training;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Training.Schedules;
using static TorchSharp.torch;

namespace TransformerClinic.Bench.Growth;

/// <summary>
/// Trains a small but complete model (2+2 layers with Admin, all three dropouts on, batches of many shapes, clipping,
/// the guard against divergence, validations) and records the memory of the process at regular intervals.
/// </summary>
internal static class GrowthStudy
{
    // Resident memory varies a little with the shapes that the allocator happens to encounter.
    private const double ResidentSlack = 0.03;

    private static readonly ModelOptions Model = new()
    {
        Encoder = new StackOptions { Layers = 2 },
        Decoder = new StackOptions { Layers = 2 },
        Dim = 32,
        Heads = 4,
        FeedForwardDim = 64,
        Dropout = 0.1,
        AttentionDropout = 0.1,
        ActivationDropout = 0.1,
    };

    /// <summary>Trains for a number of updates.</summary>
    /// <returns>The memory after every <paramref name="every"/> of them.</returns>
    public static IReadOnlyList<MemoryInUse> Run(int updates, int every, Precision precision, Action<MemoryInUse> seen)
    {
        var options = new TrainingOptions
        {
            MaxUpdates = updates,
            TokensPerBatch = 300,
            ClipNorm = 1,
            Schedule = new ScheduleOptions { LearningRate = 1e-3, WarmUpUpdates = 100 },
        };
        using var replicas = new ModelReplicas(
            () => new Transformer(Model, RandomPairs.Vocabulary, Vocabulary.Pad, seed: 1),
            workers: 1,
            CPU,
            bfloat16: precision == Precision.Bf16
        );
        using var trainer = new Trainer(replicas, Batches(5000, seed: 1), Batches(100, seed: 2), options, seed: 1);
        trainer.Profile();
        var found = new List<MemoryInUse>();
        while (trainer.State.Update < updates)
        {
            trainer.Update();
            if (trainer.State.Update % every == 0)
            {
                trainer.Validate();
                found.Add(MemoryInUse.After(trainer.State.Update));
                seen(found[^1]);
            }
        }

        return found;

        TokenBatches Batches(int pairs, int seed) =>
            new(RandomPairs.Draw(pairs, shortest: 1, longest: 40, seed), options.TokensPerBatch);
    }

    /// <summary>
    /// Whether anything grew after the first record: one more tensor, or resident memory beyond its usual variation.
    /// </summary>
    public static bool Grew(IReadOnlyList<MemoryInUse> found) =>
        found.Any(later =>
            later.Tensors != found[0].Tensors || later.ResidentBytes > found[0].ResidentBytes * (1 + ResidentSlack)
        );
}
