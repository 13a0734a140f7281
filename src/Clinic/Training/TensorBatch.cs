using TorchSharp;
using TransformerClinic.Data;
using static TorchSharp.torch;

namespace TransformerClinic.Training;

/// <summary>Some rows of a batch as tensors on a device. Owned by the current dispose scope.</summary>
internal sealed class TensorBatch
{
    private TensorBatch(Batch batch, int firstRow, int rows, Device device, bool together)
    {
        var source = Rows(batch.Source, firstRow, rows, batch.SourceLength);
        var previous = Rows(batch.PreviousOutput, firstRow, rows, batch.TargetLength);
        var target = new ReadOnlySpan<long>(batch.Target, firstRow * batch.TargetLength, rows * batch.TargetLength);
        var positions = new List<long>(target.Length);
        var tokens = new List<long>(target.Length);
        for (var i = 0; i < target.Length; i++)
        {
            if (target[i] != Text.Vocabulary.Pad)
            {
                positions.Add(i);
                tokens.Add(target[i]);
            }
        }

        (SourceIsPadded, PreviousOutputIsPadded) = (IsPadded(source), IsPadded(previous));
        long[][] parts = [source, previous, [.. positions], [.. tokens]];
        var tensors = together ? Together(parts, device) : [.. parts.Select(part => tensor(part, device: device))];
        Source = tensors[0].view(rows, batch.SourceLength);
        PreviousOutput = tensors[1].view(rows, batch.TargetLength);
        (TargetPositions, Targets) = (tensors[2], tensors[3]);
    }

    /// <summary>Source tokens, <c>[rows, sourceLength]</c>.</summary>
    public Tensor Source { get; }

    /// <summary>Whether there is padding in <see cref="Source"/>.</summary>
    public bool SourceIsPadded { get; }

    /// <summary>Previous output tokens, <c>[rows, targetLength]</c>.</summary>
    public Tensor PreviousOutput { get; }

    /// <summary>Whether there is padding in <see cref="PreviousOutput"/>.</summary>
    public bool PreviousOutputIsPadded { get; }

    /// <summary>
    /// Where the real targets stand among the flattened <c>rows * targetLength</c> positions, <c>[tokens]</c>.
    /// </summary>
    public Tensor TargetPositions { get; }

    /// <summary>The real targets, <c>[tokens]</c>.</summary>
    public Tensor Targets { get; }

    /// <summary>The whole batch.</summary>
    public static TensorBatch Of(Batch batch, Device device) => Of(batch, device, device.type != DeviceType.CPU);

    /// <summary>
    /// Part number <paramref name="part"/> of <paramref name="parts"/> nearly equal parts, or null where there are
    /// fewer rows than parts.
    /// </summary>
    public static TensorBatch? Part(Batch batch, int part, int parts, Device device)
    {
        var first = batch.Size * part / parts;
        var rows = (batch.Size * (part + 1) / parts) - first;
        return rows == 0 ? null : new TensorBatch(batch, first, rows, device, device.type != DeviceType.CPU);
    }

    /// <summary>The whole batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="device">Where the tensors are.</param>
    /// <param name="together">Whether all go there in one copy.</param>
    internal static TensorBatch Of(Batch batch, Device device, bool together) =>
        new(batch, 0, batch.Size, device, together);

    private static long[] Rows(long[] tokens, int firstRow, int rows, int length) =>
        tokens.AsSpan(firstRow * length, rows * length).ToArray();

    private static bool IsPadded(long[] tokens) => tokens.AsSpan().Contains((long)Text.Vocabulary.Pad);

    /// <summary>
    /// One copy for all. From pinned memory it queues up behind the device's work, and nobody waits for it; the
    /// allocator keeps that memory until it is done.
    /// </summary>
    private static Tensor[] Together(long[][] parts, Device device)
    {
        using var scope = NewDisposeScope();
        var host = tensor(parts.SelectMany(part => part).ToArray());
        host = device.type == DeviceType.CUDA ? host.pin_memory() : host;
        var all = host.to(device, non_blocking: true);
        var start = 0L;
        var found = new Tensor[parts.Length];
        foreach (var (i, part) in parts.Index())
        {
            found[i] = all.narrow(0, start, part.Length).MoveToOuterDisposeScope();
            start += part.Length;
        }

        return found;
    }
}
