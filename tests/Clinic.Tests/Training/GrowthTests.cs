using TransformerClinic.Bench.Growth;
using TransformerClinic.Data;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Training;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Training.Optimizers;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Training;

/// <summary>A short run of bench/Growth (docs/performance.md), alone: it counts all tensors of the process.</summary>
[Trait("Speed", "Slow")]
[Collection(nameof(Alone))]
public class GrowthTests
{
    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Bf16)]
    public void Updates_with_dropout_on_batches_of_many_shapes_keep_no_tensor_alive(Precision precision)
    {
        var found = GrowthStudy.Run(updates: 150, every: 50, precision, _ => { });

        Assert.Equal([50, 100, 150], found.Select(memory => memory.Update));
        Assert.Single(found.Select(memory => memory.Tensors).Distinct());
    }

    [Fact]
    public void Flat_parameters_leave_no_tensor_to_the_collector()
    {
        using var model = SmallModel.Create();
        using var replica = SmallModel.Create();
        GarbageCollections.OfAll();
        var before = Tensor.TotalCount;

        using var parameters = new FlatParameters(model);
        parameters.Attach(replica);

        Assert.Equal(before + 1 + 2, Tensor.TotalCount); // the values, and the gradients of each
    }

    [Fact]
    public void Several_processes_with_pieces_that_wait_for_their_halves_keep_no_tensor_alive()
    {
        // Tensors of earlier tests that the collector takes in the middle would be missing in the later counts.
        GarbageCollections.OfAll();
        var counts = ThreadGroup.Run(
            3,
            group =>
            {
                using var replicas = new ModelReplicas(() => SmallModel.Create(), workers: 1, CPU);
                using var trainer = new Trainer(
                    replicas,
                    new TokenBatches(Reversal.Examples(100, seed: 1), 60),
                    new TokenBatches(Reversal.Examples(20, seed: 2), 60),
                    new TrainingOptions
                    {
                        Accumulate = 5,
                        Parts = 4,
                        StatisticsEvery = 3,
                    },
                    seed: 1,
                    group: group
                );

                return Enumerable
                    .Range(0, 30)
                    .Select(_ =>
                    {
                        trainer.Update();
                        trainer.Validate();
                        trainer.ExamineWeights();
                        group.Meet("the count");
                        var count = Tensor.TotalCount;
                        group.Meet("what follows it");
                        return count;
                    })
                    .ToArray();
            }
        );
        Assert.Single(counts[0].Skip(3).Distinct());
    }
}
