using TransformerClinic.Bench.Growth;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Training;

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
}
