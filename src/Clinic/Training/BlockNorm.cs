using System.Runtime.Intrinsics;
using TransformerClinic.Common;
using static TorchSharp.torch;

namespace TransformerClinic.Training;

/// <summary>
/// The Euclidean norm of a flat float32 tensor, <c>sqrt(sum over blocks of (sum over the block of x^2))</c> in double,
/// blocks of <see cref="MemoryPass.ChunkLength"/> in their order: it depends neither on how many threads add, nor on
/// who has which blocks.
/// </summary>
internal static class BlockNorm
{
    /// <summary>The sum of squares of each block.</summary>
    public static double[] Squares(Tensor flat)
    {
        using var scope = NewDisposeScope();
        return [.. Begin(flat).Read()];
    }

    /// <summary>The sum of squares of each block, which a device may still be computing.</summary>
    public static DeviceNumbers Begin(Tensor flat)
    {
        if (!MemoryPass.Reaches(flat))
        {
            return ByOperators(flat);
        }

        var sums = new double[Blocks(flat)];
        MemoryPass.Run(chunk => sums[chunk.Number] = SumOfSquares(chunk[0]), [flat]);
        return new DeviceNumbers(sums);
    }

    /// <summary>The norm of a flat tensor, in its own type: infinite where that ends.</summary>
    public static double Of(Tensor flat) => Of(Squares(flat), flat.dtype);

    /// <summary>The norm from the squares of the blocks, as a number of the tensor's type.</summary>
    public static double Of(ReadOnlySpan<double> squares, ScalarType type)
    {
        var sum = 0.0;
        foreach (var square in squares)
        {
            sum += square;
        }

        return type == ScalarType.Float32 ? (float)Math.Sqrt(sum) : Math.Sqrt(sum);
    }

    /// <summary>
    /// By libtorch's operators, some blocks at a time, so that the wider copies stay small; in device memory until they
    /// are read.
    /// </summary>
    internal static DeviceNumbers ByOperators(Tensor flat)
    {
        const int AtATime = 64;
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (length, sums) = (flat.numel(), new List<Tensor>());
        for (long start = 0; start < length; )
        {
            var whole = Math.Min((length - start) / MemoryPass.ChunkLength, AtATime);
            var (rows, columns) = whole > 0 ? (whole, (long)MemoryPass.ChunkLength) : (1, length - start);
            using var wide = flat.narrow(0, start, rows * columns).to(ScalarType.Float64, copy: true);
            sums.Add(wide.mul_(wide).view(rows, columns).sum(1));
            start += rows * columns;
        }

        return length == 0 ? new DeviceNumbers() : new DeviceNumbers(cat(sums)).MoveToOuterDisposeScope();
    }

    /// <summary>How many blocks a flat tensor has.</summary>
    internal static int Blocks(Tensor flat) =>
        (int)((flat.numel() + MemoryPass.ChunkLength - 1) / MemoryPass.ChunkLength);

    /// <summary>The sum of squares of one block.</summary>
    /// <remarks>
    /// Eight sums whatever the processor, so that all add in the same order. The square of a float32 number is exact.
    /// </remarks>
    internal static double SumOfSquares(ReadOnlySpan<float> values)
    {
        var (lower, upper) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var i = 0;
        for (; i <= values.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            var (first, second) = Vector256.Widen(Vector256.Create(values[i..]));
            lower += first * first;
            upper += second * second;
        }

        var lanes = lower + upper;
        var sum = lanes[0] + lanes[1] + lanes[2] + lanes[3];
        for (; i < values.Length; i++)
        {
            sum += (double)values[i] * values[i];
        }

        return sum;
    }
}
