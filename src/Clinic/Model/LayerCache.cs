using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>
/// One decoder layer's keys and values: of the tokens so far <c>[rows, heads, steps, dim/heads]</c> and of the source
/// <c>[rows, heads, sourceLength, dim/heads]</c>. Owns its tensors.
/// </summary>
public sealed class LayerCache(KeyValues memory) : IDisposable
{
    private KeyValues? _past;

    /// <summary>Keys and values of the encoder's output.</summary>
    public KeyValues Memory { get; private set; } = Own(memory);

    /// <summary>Appends one step's keys and values, each <c>[rows, heads, 1, dim/heads]</c>, and returns all so far.</summary>
    public KeyValues Append(KeyValues step)
    {
        var grown = _past is null
            ? new KeyValues(step.Keys.contiguous().alias(), step.Values.contiguous().alias())
            : new KeyValues(cat([_past.Keys, step.Keys], 2), cat([_past.Values, step.Values], 2));
        Release(_past);
        _past = Own(grown);
        return _past;
    }

    /// <summary>Keeps the rows <c>[n]</c> (int64), in that order, repeated or left out at will.</summary>
    public void Select(Tensor rows)
    {
        Memory = Selected(Memory, rows);
        _past = _past is null ? null : Selected(_past, rows);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release(Memory);
        Release(_past);
    }

    private static KeyValues Selected(KeyValues from, Tensor rows)
    {
        var selected = Own(new KeyValues(from.Keys.index_select(0, rows), from.Values.index_select(0, rows)));
        Release(from);
        return selected;
    }

    private static KeyValues Own(KeyValues pair) => new(pair.Keys.DetachFromDisposeScope(), pair.Values.DetachFromDisposeScope());

    private static void Release(KeyValues? pair)
    {
        pair?.Keys.Dispose();
        pair?.Values.Dispose();
    }
}
