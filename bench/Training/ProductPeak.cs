using System.Diagnostics;
using TransformerClinic.Common;
using TransformerClinic.Kernels;
using TransformerClinic.Kernels.Products;
using static TorchSharp.torch;

namespace TransformerClinic.Bench.Training;

/// <summary>
/// The speed of large matrix products, <c>4096 x 4096 x 4096</c>, in GFLOP/s: what this processor or device gives a
/// program that does nothing else. It is measured in all ways, one product on all threads and a share of it on each
/// worker, by libtorch and, in float32, by the kernel of training, twice each; the best counts.
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
        var product = type == ScalarType.Float32 && device.type == TorchSharp.DeviceType.CPU ? empty(Side, Side) : null;
        Action[] ways =
            product is null || !MatrixProduct.IsFaster(rows, Side, Side) ? [Together, Apart] : [Together, Apart, Ours];
        var best = Enumerable.Range(0, Tries).Min(_ => ways.Min(way => Seconds(way, device)));
        return 2.0 * Side * Side * Side / 1e9 / best;

        void Together() => matrix.mm(matrix).Dispose();
        void Apart() =>
            workers.Run(worker =>
            {
                using var inner = NewDisposeScope();
                matrix.narrow(0, worker * rows, rows).mm(matrix);
            });
        unsafe void Ours() =>
            workers.Run(worker =>
            {
                var all = TensorMemory.Of<float>(matrix);
                var from = worker * rows * Side;
                MatrixProduct.Compute(
                    (int)rows,
                    (int)Side,
                    (int)Side,
                    MatrixOperand.Of(all + from, (int)Side),
                    MatrixOperand.Of(all, (int)Side),
                    TensorMemory.Of<float>(product) + from,
                    (int)Side
                );
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
