using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Training;
using TransformerClinic.Training.Profiling;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Training.Profiling;

/// <summary>Runs alone: the number of libtorch's threads belongs to the process.</summary>
[Collection(nameof(Alone))]
public class ProfilingThreadsTests
{
    [Fact]
    public void Omegas_do_not_depend_on_the_number_of_threads_beyond_rounding()
    {
        var one = Omegas(threads: 1);
        var two = Omegas(threads: 2);
        Assert.Equal(one, two, (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(two, Omegas(threads: 2));
    }

    /// <summary>A batch of 800 sentences at width 128, so that operators are shared between threads.</summary>
    private static double[] Omegas(int threads)
    {
        var before = get_num_threads();
        try
        {
            set_num_threads(threads);
            using var model = SmallModel.Create(SmallModel.Options() with { Dim = 128, FeedForwardDim = 256 });
            return
            [
                .. ModelProfiling
                    .Run(model, [Reversal.Batch(800, seed: 1)], new ProfilingOptions(), seed: 1, CPU)!
                    .Connections.Select(connection => connection.Omega),
            ];
        }
        finally
        {
            set_num_threads(before);
        }
    }
}
