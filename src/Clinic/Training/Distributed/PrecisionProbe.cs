using System.Diagnostics;
using TransformerClinic.Common;
using TransformerClinic.Data;

namespace TransformerClinic.Training.Distributed;

/// <summary>
/// Times a training's own model on its own first batches, forward and back, in float32 and bfloat16 by turns: which is
/// faster depends on both. The products of large models are, where the processor has instructions for it, in bfloat16;
/// in small ones casts take longer than is gained.
/// </summary>
/// <remarks>
/// It changes nothing that training starts from: weights are only read, gradients end as zeros, dropout masks and the
/// order of the batches are functions of the seed.
/// </remarks>
/// <param name="replicas">The model; not owned.</param>
/// <param name="train">Training batches.</param>
/// <param name="seed">The training's.</param>
/// <param name="smoothing">Label smoothing.</param>
internal sealed class PrecisionProbe(ModelReplicas replicas, TokenBatches train, long seed, double smoothing)
{
    private const int Batches = 4;
    private const int MostRounds = 15;
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(3);

    /// <summary>Median seconds of a batch in each precision.</summary>
    public (double Fp32, double Bf16) Measure()
    {
        var before = replicas.Bfloat16;
        var cursor = new BatchCursor(train, seed);
        Batch[] batches = [.. Enumerable.Range(0, Batches).Select(_ => cursor.Next())];
        var (fp32, bf16) = (new List<double>(), new List<double>());
        _ = (Seconds(batches[0], bfloat16: false), Seconds(batches[0], bfloat16: true)); // kernels are prepared
        var clock = Stopwatch.StartNew();
        for (var round = 0; round < MostRounds && (round == 0 || clock.Elapsed < LongEnough); round++)
        {
            var batch = batches[round % Batches];
            fp32.Add(Seconds(batch, bfloat16: false));
            bf16.Add(Seconds(batch, bfloat16: true));
        }

        replicas.Bfloat16 = before;
        replicas.Parameters.ZeroGradients();
        replicas.Clock.Reset();
        return (Median(fp32), Median(bf16));
    }

    private double Seconds(Batch batch, bool bfloat16)
    {
        replicas.Bfloat16 = bfloat16;
        DeviceClock.Synchronize(replicas.Device);
        var start = Stopwatch.GetTimestamp();
        replicas.AddGradients(batch, smoothing, part => (ulong)part);
        DeviceClock.Synchronize(replicas.Device);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
