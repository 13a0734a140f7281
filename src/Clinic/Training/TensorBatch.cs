using TransformerClinic.Data;
using static TorchSharp.torch;

namespace TransformerClinic.Training;

/// <summary>Some rows of a batch as tensors on a device. Owned by the current dispose scope.</summary>
internal sealed class TensorBatch
{
    private TensorBatch(Batch batch, int firstRow, int rows, Device device)
    {
        Source = Rows(batch.Source, firstRow, rows, batch.SourceLength, device);
        PreviousOutput = Rows(batch.PreviousOutput, firstRow, rows, batch.TargetLength, device);
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

        TargetPositions = tensor(positions.ToArray(), device: device);
        Targets = tensor(tokens.ToArray(), device: device);
    }

    /// <summary>Source tokens, <c>[rows, sourceLength]</c>.</summary>
    public Tensor Source { get; }

    /// <summary>Previous output tokens, <c>[rows, targetLength]</c>.</summary>
    public Tensor PreviousOutput { get; }

    /// <summary>
    /// Where the real targets stand among the flattened <c>rows * targetLength</c> positions, <c>[tokens]</c>.
    /// </summary>
    public Tensor TargetPositions { get; }

    /// <summary>The real targets, <c>[tokens]</c>.</summary>
    public Tensor Targets { get; }

    /// <summary>The whole batch.</summary>
    public static TensorBatch Of(Batch batch, Device device) => new(batch, 0, batch.Size, device);

    /// <summary>
    /// Part number <paramref name="part"/> of <paramref name="parts"/> nearly equal parts, or null where there are
    /// fewer rows than parts.
    /// </summary>
    public static TensorBatch? Part(Batch batch, int part, int parts, Device device)
    {
        var first = batch.Size * part / parts;
        var rows = (batch.Size * (part + 1) / parts) - first;
        return rows == 0 ? null : new TensorBatch(batch, first, rows, device);
    }

    private static Tensor Rows(long[] tokens, int firstRow, int rows, int length, Device device) =>
        tensor(tokens.AsSpan(firstRow * length, rows * length).ToArray(), [rows, length], device: device);
}
