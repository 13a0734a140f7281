using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>
/// What incremental decoding remembers: every layer's keys and values, the source mask, the step, and which of the
/// cached tokens each hypothesis descends from. Owns its tensors.
/// </summary>
internal sealed class DecoderCache : IDisposable
{
    // Minus infinity at cached tokens that are not ancestors, [sources, hypotheses, cached]; null while a source has
    // one hypothesis.
    private Tensor? _ancestry;

    internal DecoderCache(IReadOnlyList<LayerCache> layers, Tensor? memoryMask)
    {
        Layers = layers;
        MemoryMask = memoryMask?.alias().DetachFromDisposeScope();
    }

    /// <summary>Tokens decoded so far.</summary>
    public int Step { get; private set; }

    internal IReadOnlyList<LayerCache> Layers { get; }

    internal Tensor? MemoryMask { get; private set; }

    /// <summary>
    /// Keeps the sources <c>[n]</c> (int64), in that order, and all their hypotheses: finished sentences leave.
    /// </summary>
    public void KeepSources(Tensor sources)
    {
        foreach (var layer in Layers)
        {
            layer.KeepSources(sources);
        }

        MemoryMask = Replaced(MemoryMask, mask => mask.index_select(0, sources));
        _ancestry = Replaced(_ancestry, ancestry => ancestry.index_select(0, sources));
    }

    /// <summary>
    /// Hypothesis i of a source continues its former hypothesis <c>parents[source, i]</c> (int64 <c>[sources,
    /// hypotheses]</c>, repeated or left out at will): beams reorder.
    /// </summary>
    public void Reorder(Tensor parents)
    {
        var (sources, hypotheses) = (parents.shape[0], parents.shape[1]);
        if (_ancestry is null && hypotheses > 1)
        {
            var type = Layers[0].Memory.Keys.dtype;
            _ancestry = zeros(sources, hypotheses, Step, type, parents.device).DetachFromDisposeScope();
            return;
        }

        _ancestry = Replaced(
            _ancestry,
            ancestry => ancestry.gather(1, parents.unsqueeze(-1).expand(sources, hypotheses, ancestry.shape[2]))
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var layer in Layers)
        {
            layer.Dispose();
        }

        MemoryMask?.Dispose();
        _ancestry?.Dispose();
    }

    /// <summary>
    /// One more token for each of a source's hypotheses: every one sees its own and those of its ancestors. The mask of
    /// the self-attention, <c>[sources, 1, hypotheses, cached]</c>, or null where all is seen.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The number of hypotheses changed without a <see cref="Reorder"/>.
    /// </exception>
    internal Tensor? NextStep(long hypotheses)
    {
        if (hypotheses != (_ancestry?.shape[1] ?? 1))
        {
            throw new ArgumentException(
                $"The cache knows {_ancestry?.shape[1] ?? 1} hypotheses of each source, the step has {hypotheses}.",
                nameof(hypotheses)
            );
        }

        Step++;
        _ancestry = Replaced(
            _ancestry,
            ancestry =>
            {
                var others = full([hypotheses, hypotheses], HeldScalars.MinusInfinity, ancestry.dtype, ancestry.device);
                others.diagonal().fill_(HeldScalars.Zero);
                return cat([ancestry, others.expand(ancestry.shape[0], hypotheses, hypotheses)], 2);
            }
        );
        return _ancestry?.unsqueeze(1);
    }

    private static Tensor? Replaced(Tensor? tensor, Func<Tensor, Tensor> by)
    {
        if (tensor is null)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        using var old = tensor;
        return by(old).DetachFromDisposeScope();
    }
}
