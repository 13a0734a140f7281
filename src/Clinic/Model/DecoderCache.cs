using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>What incremental decoding remembers: every layer's keys and values, the source mask and the step. Owns its tensors.</summary>
public sealed class DecoderCache : IDisposable
{
    internal DecoderCache(IReadOnlyList<LayerCache> layers, Tensor? memoryMask)
    {
        Layers = layers;
        MemoryMask = memoryMask?.alias().DetachFromDisposeScope();
    }

    /// <summary>Tokens decoded so far.</summary>
    public int Step { get; internal set; }

    internal IReadOnlyList<LayerCache> Layers { get; }

    internal Tensor? MemoryMask { get; private set; }

    /// <summary>Keeps the rows <c>[n]</c> (int64), in that order, repeated or left out at will: beams reorder, finished sentences leave.</summary>
    public void Select(Tensor rows)
    {
        using var scope = NewDisposeScope();
        foreach (var layer in Layers)
        {
            layer.Select(rows);
        }

        if (MemoryMask is { } mask)
        {
            MemoryMask = mask.index_select(0, rows).DetachFromDisposeScope();
            mask.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var layer in Layers)
        {
            layer.Dispose();
        }

        MemoryMask?.Dispose();
    }
}
