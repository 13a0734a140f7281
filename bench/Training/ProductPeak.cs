using System.Diagnostics;
using TransformerClinic.Common;
using static TorchSharp.torch;

namespace TransformerClinic.Bench.Training;

/// <summary>
/// The speed of large matrix products, <c>4096 x 4096 x 4096</c>, in GFLOP/s: what this processor or device gives a
/// program that does nothing else. It is measured both ways, one product on all threads and a share of it on each
/// worker, twice each; the best counts.
/// </summary>
internal sealed class ProductPeak(WorkerThreads workers, Device device)
{
    private const long Side = 4096;
    private const int Tries = 2;

    public double Measure(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var matrix = ones(Side, Side, dtype: type, device: device);
        var rows = Side / workers.Count;
        var best = Enumerable.Range(0, Tries).Min(_ => Math.Min(Seconds(Together, device), Seconds(Apart, device)));
        return 2.0 * Side * Side * Side / 1e9 / best;

        void Together() => matrix.mm(matrix).Dispose();
        void Apart() =>
            workers.Run(worker =>
            {
                using var inner = NewDisposeScope();
                matrix.narrow(0, worker * rows, rows).mm(matrix);
            });
    }

    private static double Seconds(Action work, Device device)
    {
        DeviceClock.Synchronize(device);
        var start = Stopwatch.GetTimestamp();
        work();
        DeviceClock.Synchronize(device);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
