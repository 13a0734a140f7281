using static TorchSharp.torch;

namespace TransformerClinic.Training.Optimizers;

/// <summary>A stretch of flat parameters.</summary>
/// <param name="Offset">Its first element.</param>
/// <param name="Length">Its elements.</param>
internal readonly record struct Shard(long Offset, long Length)
{
    /// <summary>
    /// Parameters shared out to processes: a shard each, as equal as whole blocks of
    /// <see cref="MemoryPass.ChunkLength"/> allow, so that no block is of two processes.
    /// </summary>
    public static IReadOnlyList<Shard> Of(long count, int processes)
    {
        var blocks = (count + MemoryPass.ChunkLength - 1) / MemoryPass.ChunkLength;
        long Begin(int process) => Math.Min(blocks * process / processes * MemoryPass.ChunkLength, count);
        return
        [
            .. Enumerable
                .Range(0, processes)
                .Select(process => new Shard(Begin(process), Begin(process + 1) - Begin(process))),
        ];
    }

    /// <summary>This stretch of a flat tensor.</summary>
    public Tensor In(Tensor flat) => flat.narrow(0, Offset, Length);
}
