using TransformerClinic.Kernels;

namespace TransformerClinic.Decoding.Packed;

/// <summary>
/// What <see cref="PackedDecoder"/> remembers of one source: where its tokens are among the batch's, the keys and
/// values of every token of every hypothesis so far, and which of these each hypothesis descends from. A beam that
/// reorders moves only lists of positions.
/// </summary>
/// <param name="first">Where the source's tokens begin.</param>
/// <param name="length">How many there are.</param>
/// <param name="layers">Decoder layers.</param>
/// <param name="dim">Width of keys and of values.</param>
internal sealed unsafe class SourceCache(int first, int length, int layers, int dim) : IDisposable
{
    private const int FirstSteps = 16;
    private readonly int[] _source = [.. Enumerable.Range(first, length)];

    // [layers, capacity, 2 dim]: a key, its value behind it; the first _used places are taken.
    private ScratchMemory<float>? _past;
    private float* _start;
    private int _capacity;
    private int _used;
    private int _newest;
    private int[][] _ancestors =
    [
        [],
    ];

    /// <summary>Places of the source's tokens among the batch's.</summary>
    public ReadOnlySpan<int> Source => _source;

    /// <summary>Places, among the rows of <see cref="Past"/>, of the tokens that a hypothesis consists of.</summary>
    public ReadOnlySpan<int> Ancestors(int hypothesis) => _ancestors[hypothesis];

    /// <summary>A layer's keys and values.</summary>
    public float* Past(int layer) => _start + ((long)layer * _capacity * 2 * dim);

    /// <summary>Makes room for one more token of each hypothesis.</summary>
    /// <exception cref="ArgumentException">
    /// The number of hypotheses changed without a <see cref="Reorder"/>.
    /// </exception>
    public void NextStep(int hypotheses)
    {
        if (hypotheses != _ancestors.Length)
        {
            throw new ArgumentException(
                $"The cache knows {_ancestors.Length} hypotheses, the step has {hypotheses}.",
                nameof(hypotheses)
            );
        }

        Reserve(_used + hypotheses, hypotheses);
        _newest = _used;
        _ancestors = [.. _ancestors.Select((places, hypothesis) => (int[])[.. places, _newest + hypothesis])];
        _used += hypotheses;
    }

    /// <summary>
    /// Puts a layer's keys and values of the new tokens there, from rows that are <paramref name="stride"/> numbers
    /// apart.
    /// </summary>
    public void Store(int layer, float* keyValues, long stride)
    {
        for (var place = _newest; place < _used; place++, keyValues += stride)
        {
            new ReadOnlySpan<float>(keyValues, 2 * dim).CopyTo(
                new Span<float>(Past(layer) + ((long)place * 2 * dim), 2 * dim)
            );
        }
    }

    /// <summary>Hypothesis i continues the former hypothesis <c>parents[i]</c>.</summary>
    public void Reorder(ReadOnlySpan<int> parents)
    {
        var before = _ancestors;
        _ancestors = new int[parents.Length][];
        for (var i = 0; i < parents.Length; i++)
        {
            _ancestors[i] = before[parents[i]];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _past?.Dispose();

    private void Reserve(int places, int hypotheses)
    {
        if (places <= _capacity)
        {
            return;
        }

        var capacity = Math.Max(2 * _capacity, FirstSteps * hypotheses);
        var grown = new ScratchMemory<float>((long)layers * capacity * 2 * dim);
        for (var layer = 0; layer < layers && _used > 0; layer++)
        {
            var taken = _used * 2 * dim;
            new ReadOnlySpan<float>(Past(layer), taken).CopyTo(
                new Span<float>(grown.Start + ((long)layer * capacity * 2 * dim), taken)
            );
        }

        _past?.Dispose();
        (_past, _capacity) = (grown, capacity);
        _start = grown.Start;
    }
}
