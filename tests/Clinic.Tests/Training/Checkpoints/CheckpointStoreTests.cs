using TransformerClinic.Data;
using TransformerClinic.Interop.Safetensors;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Training;
using TransformerClinic.Training.Checkpoints;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Training.Schedules;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Training.Checkpoints;

public sealed class CheckpointStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(OptimizerName.Radam, 0, new[] { "first_moment", "second_moment" })]
    [InlineData(OptimizerName.Adam, 0, new[] { "first_moment", "second_moment" })]
    [InlineData(OptimizerName.Sgd, 0.9, new[] { "momentum" })]
    [InlineData(OptimizerName.Sgd, 0, new string[0])]
    public void A_training_that_is_resumed_continues_with_the_same_bits(
        OptimizerName name,
        double momentum,
        string[] state
    )
    {
        var options = new TrainingOptions
        {
            TokensPerBatch = 100,
            Optimizer = new OptimizerOptions
            {
                Name = name,
                Momentum = momentum,
                WeightDecay = 1e-3,
            },
            Schedule = new ScheduleOptions { LearningRate = 0.05, WarmUpUpdates = 2 },
        };
        var store = new CheckpointStore(_folder.FullName);
        string checkpoint;
        byte[][] whole,
            resumed;
        using (var replicas = new ModelReplicas(() => SmallModel.Create(), workers: 1, CPU))
        using (var trainer = Trainer(replicas, options))
        {
            trainer.Profile();
            Train(trainer, 8);
            checkpoint = store.Save(trainer, replicas.Model, validationLoss: null);
            Train(trainer, 8);
            whole = Bits(trainer);
        }

        using (var replicas = new ModelReplicas(() => SmallModel.Create(seed: 2), workers: 1, CPU))
        using (var trainer = Trainer(replicas, options))
        {
            var newest = store.Newest((folder, reason, _) => Assert.Fail($"{folder}: {reason}"))!;
            newest.PutInto(trainer, replicas.Model);
            Assert.Equal(8, newest.Update);
            Assert.NotEqual(whole, Bits(trainer));
            Train(trainer, 8);
            resumed = Bits(trainer);
        }

        Assert.Equal(1 + state.Length, whole.Length);
        Assert.Equal(whole, resumed);
        using var kept = SafetensorsFile.Open(Path.Combine(checkpoint, "optimizer.safetensors"));
        Assert.Equal(state, kept.Tensors.Select(tensor => tensor.Name));
    }

    private static Trainer Trainer(ModelReplicas replicas, TrainingOptions options) =>
        new(
            replicas,
            new TokenBatches(Reversal.Examples(200, seed: 1), options.TokensPerBatch),
            new TokenBatches(Reversal.Examples(20, seed: 2), options.TokensPerBatch),
            options,
            seed: 1
        );

    private static void Train(Trainer trainer, int updates)
    {
        for (var i = 0; i < updates; i++)
        {
            Assert.False(trainer.Update().Skipped);
        }
    }

    /// <summary>Parameters and optimizer state.</summary>
    private static byte[][] Bits(Trainer trainer) =>
        [
            trainer.Parameters.Values.bytes.ToArray(),
            .. trainer.Optimizer.State.Select(state => state.Values.bytes.ToArray()),
        ];
}
