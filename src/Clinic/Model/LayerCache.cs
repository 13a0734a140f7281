using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>
/// One decoder layer's keys and values: of the source, and of every token of every hypothesis so far. A source's
/// hypotheses share one row, so a beam that reorders moves nothing here: <see cref="DecoderCache"/> masks what a
/// hypothesis does not descend from. Owns its tensors.
/// </summary>
internal sealed class LayerCache(KeyValues memory) : IDisposable
{
    private const int FirstSteps = 16;
    private const int Positions = 3;

    // [2 (keys, values), sources, heads, capacity, dim/heads], the first _used positions filled.
    private Tensor? _past;
    private long _used;

    /// <summary>
    /// Keys and values of the encoder's output, each <c>[sources, heads, sourceLength, dim/heads]</c>.
    /// </summary>
    public KeyValues Memory { get; private set; } =
        new(memory.Keys.contiguous().DetachFromDisposeScope(), memory.Values.contiguous().DetachFromDisposeScope());

    /// <summary>
    /// Appends the keys and values of one step, <c>[2, sources, heads, hypotheses, dim/heads]</c>, and returns all so
    /// far, each <c>[sources, heads, steps * hypotheses, dim/heads]</c>.
    /// </summary>
    public KeyValues Append(Tensor step)
    {
        using var scope = NewDisposeScope();
        var hypotheses = step.shape[Positions];
        Reserve(step, _used + hypotheses);
        _past!.narrow(Positions, _used, hypotheses).copy_(step);
        _used += hypotheses;
        var past = _past.narrow(Positions, 0, _used);
        return new KeyValues(past.select(0, 0).MoveToOuterDisposeScope(), past.select(0, 1).MoveToOuterDisposeScope());
    }

    /// <summary>Keeps the sources <c>[n]</c> (int64), in that order.</summary>
    public void KeepSources(Tensor sources)
    {
        using var outgrown = _past;
        using var keys = Memory.Keys;
        using var values = Memory.Values;
        _past = _past?.index_select(1, sources).DetachFromDisposeScope();
        Memory = new KeyValues(
            keys.index_select(0, sources).DetachFromDisposeScope(),
            values.index_select(0, sources).DetachFromDisposeScope()
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Memory.Keys.Dispose();
        Memory.Values.Dispose();
        _past?.Dispose();
    }

    private void Reserve(Tensor step, long positions)
    {
        var shape = step.shape;
        var capacity = _past?.shape[Positions] ?? 0;
        if (positions <= capacity)
        {
            return;
        }

        shape[Positions] = Math.Max(2 * capacity, FirstSteps * shape[Positions]);
        var grown = empty(shape, step.dtype, step.device).DetachFromDisposeScope();
        if (_past is { } past)
        {
            grown.narrow(Positions, 0, _used).copy_(past.narrow(Positions, 0, _used));
            past.Dispose();
        }

        _past = grown;
    }
}
