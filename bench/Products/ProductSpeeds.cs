using System.Diagnostics;
using TransformerClinic.Kernels;
using TransformerClinic.Kernels.Products;
using static TorchSharp.torch;

namespace TransformerClinic.Bench.Products;

/// <summary>The speed of the three products of a layer <c>y = x W^T</c>, in GFLOP/s on one thread.</summary>
internal static unsafe class ProductSpeeds
{
    /// <summary>Of the layer itself, of the gradient of x, and of the gradient of W; the best of some rounds.</summary>
    public static IReadOnlyList<(double Ours, double Libtorch)> Of(int rows, int inputs, int outputs, int rounds)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        set_num_threads(1);
        var (x, w, g) = (randn(rows, inputs), randn(outputs, inputs), randn(rows, outputs));
        var (y, toX, toW) = (zeros(rows, outputs), zeros(rows, inputs), zeros(outputs, inputs));
        var layer = new LinearRows(First(w), bias: null, inputs, outputs);
        var operations = 2.0 * rows * inputs * outputs / 1e9;
        (Action Ours, Action Libtorch)[] products =
        [
            (() => layer.Forward(First(x), rows, First(y)), () => x.mm(w.t()).Dispose()),
            (() => layer.ToInput(First(g), rows, First(toX)), () => g.mm(w).Dispose()),
            (() => layer.ToWeight(First(x), First(g), rows, First(toW)), () => g.t().mm(x).Dispose()),
        ];
        return [.. products.Select(product => Speeds(product.Ours, product.Libtorch, operations, rounds))];
    }

    private static float* First(Tensor tensor) => TensorMemory.Of<float>(tensor);

    private static (double Ours, double Libtorch) Speeds(Action ours, Action libtorch, double operations, int rounds)
    {
        var (bestOfOurs, bestOfLibtorch) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < rounds; round++)
        {
            bestOfOurs = Math.Min(bestOfOurs, Best(ours));
            bestOfLibtorch = Math.Min(bestOfLibtorch, Best(libtorch));
        }

        return (operations / bestOfOurs, operations / bestOfLibtorch);
    }

    /// <summary>Seconds of the fastest call within a twentieth of a second.</summary>
    private static double Best(Action call)
    {
        var (best, begun) = (double.MaxValue, Stopwatch.GetTimestamp());
        do
        {
            var start = Stopwatch.GetTimestamp();
            call();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        } while (Stopwatch.GetElapsedTime(begun) < TimeSpan.FromMilliseconds(50));

        return best;
    }
}
