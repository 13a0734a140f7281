using TorchSharp;
using TransformerClinic.Kernels;
using static TorchSharp.torch;

namespace TransformerClinic.Training;

/// <summary>
/// One pass over flat float32 tensors of one length in the CPU's memory; threads share out the chunks.
/// </summary>
internal static unsafe class MemoryPass
{
    /// <summary>Elements of a chunk: below, a second thread costs more than it brings.</summary>
    public const int ChunkLength = 1 << 16;

    /// <summary>Whether a tensor is such memory.</summary>
    public static bool Reaches(Tensor tensor) =>
        tensor.device_type == DeviceType.CPU && tensor.dtype == ScalarType.Float32;

    /// <summary>Runs <paramref name="work"/> on every chunk of the tensors.</summary>
    public static void Run(Action<Chunk> work, IReadOnlyList<Tensor> tensors)
    {
        nint[] starts = [.. tensors.Select(tensor => (nint)TensorMemory.Of<float>(tensor))];
        var count = checked((int)tensors[0].numel());
        Parallel.For(
            0,
            (count + ChunkLength - 1) / ChunkLength,
            chunk =>
            {
                var start = chunk * ChunkLength;
                work(new Chunk(starts, start, Math.Min(ChunkLength, count - start)));
            }
        );
        GC.KeepAlive(tensors);
    }

    /// <summary>The same stretch of each of the tensors.</summary>
    public readonly struct Chunk(nint[] starts, int offset, int length)
    {
        /// <summary>Its place among the chunks, from 0.</summary>
        public int Number => offset / ChunkLength;

        /// <summary>The stretch of one tensor, by its place among them.</summary>
        public Span<float> this[int tensor] => new((float*)starts[tensor] + offset, length);
    }
}
