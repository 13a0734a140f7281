using TransformerClinic.Data;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Training;
using TransformerClinic.Training.Distributed;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Training.Distributed;

public class PrecisionProbeTests
{
    [Fact]
    public void It_leaves_no_trace_in_the_training_that_follows()
    {
        using var scope = NewDisposeScope();
        var (untouched, probed) = (Trained(probes: false), Trained(probes: true));
        Assert.Equal(untouched.Losses, probed.Losses);
        Assert.Equal(untouched.Weights, probed.Weights);
    }

    [Fact]
    public void It_restores_weights_gradients_precision_and_libtorchs_random_numbers()
    {
        using var scope = NewDisposeScope();
        using var replicas = new ModelReplicas(() => SmallModel.Create(), 2, CPU, bfloat16: true);
        var weights = replicas.Parameters.Values.data<float>().ToArray();
        var random = get_rng_state().bytes.ToArray();
        var (fp32, bf16) = new PrecisionProbe(replicas, Batches(), 1, 0.1).Measure();
        Assert.True(fp32 > 0 && bf16 > 0);
        Assert.Equal(weights, replicas.Parameters.Values.data<float>().ToArray());
        Assert.All(
            replicas.Parameters.GradientsOfEach,
            gradient => Assert.Equal(0, gradient.abs().sum().item<float>())
        );
        Assert.True(replicas.Bfloat16);
        Assert.Equal(random, get_rng_state().bytes.ToArray());
    }

    private static (List<double> Losses, float[] Weights) Trained(bool probes)
    {
        using var replicas = new ModelReplicas(() => SmallModel.Create(), 2, CPU);
        var batches = Batches();
        if (probes)
        {
            new PrecisionProbe(replicas, batches, 1, 0.1).Measure();
        }

        using var trainer = new Trainer(replicas, batches, batches, new TrainingOptions(), 1);
        trainer.Profile();
        List<double> losses = [.. Enumerable.Range(0, 4).Select(_ => trainer.Update().Loss)];
        return (losses, replicas.Parameters.Values.data<float>().ToArray());
    }

    private static TokenBatches Batches() => new([.. Reversal.Examples(40, seed: 3)], 64);
}
