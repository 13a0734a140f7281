namespace TransformerClinic.Interop.Onnx;

/// <summary>
/// What the client of an exported decoder keeps between its steps: the encoder's output with its mask, and each layer's
/// keys and values. Those of the encoder's output are computed by the first step, and only taken from it.
/// </summary>
internal sealed class OnnxCache : IDisposable
{
    /// <summary>What the names of the inputs begin with.</summary>
    public const string Past = "past_key_values.";

    private const string Present = "present.";
    private const string OfEncoder = ".encoder.";

    private readonly Dictionary<string, OnnxTensor> _past;
    private OnnxTensor _memory;
    private long[] _mask;

    /// <summary>An empty cache.</summary>
    /// <param name="memory">The encoder's output, <c>[rows, length, dim]</c>; owned from now on.</param>
    /// <param name="mask">1 at tokens, 0 at padding, <c>[rows, length]</c>.</param>
    /// <param name="inputs">Names of the decoder's inputs for keys and values.</param>
    /// <param name="shape">Their dimensions; those that a call decides are negative.</param>
    public OnnxCache(OnnxTensor memory, long[] mask, IEnumerable<string> inputs, int[] shape)
    {
        (_memory, _mask) = (memory, mask);
        int[] empty = [memory.Shape[0], shape[1], 0, shape[3]];
        _past = inputs.ToDictionary(name => name[Past.Length..], _ => OnnxTensor.Of<float>([], empty));
    }

    /// <summary>Rows: hypotheses that are decoded side by side.</summary>
    public int Rows => _memory.Shape[0];

    /// <summary>Whether a step was made.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>The encoder's output.</summary>
    public OnnxTensor Memory => _memory;

    /// <summary>1 at tokens, 0 at padding, <c>[rows, length]</c>.</summary>
    public long[] Mask => _mask;

    /// <summary>Keys and values by the names of the decoder's inputs.</summary>
    public IEnumerable<(string Name, OnnxTensor Tensor)> Inputs =>
        _past.Select(entry => (Past + entry.Key, entry.Value));

    /// <summary>Names of the outputs that the next step must give.</summary>
    public IEnumerable<string> Wanted => Growing.Select(name => Present + name);

    /// <summary>Keeps these rows, possibly repeated or left out.</summary>
    public void Keep(int[] rows)
    {
        if (rows.SequenceEqual(Enumerable.Range(0, Rows)))
        {
            return;
        }

        var width = _mask.Length / Rows;
        _mask = [.. rows.SelectMany(row => _mask[(row * width)..((row + 1) * width)])];
        Replace(ref _memory, _memory.Rows(rows));
        foreach (var name in _past.Keys)
        {
            Put(name, _past[name].Rows(rows));
        }
    }

    /// <summary>Takes what a step gave; it is owned from now on.</summary>
    public void Take(IReadOnlyDictionary<string, OnnxTensor> found)
    {
        foreach (var name in Growing.ToList())
        {
            Put(name, found[Present + name]);
        }

        IsStarted = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _memory.Dispose();
        foreach (var tensor in _past.Values)
        {
            tensor.Dispose();
        }
    }

    private IEnumerable<string> Growing =>
        _past.Keys.Where(name => !IsStarted || !name.Contains(OfEncoder, StringComparison.Ordinal));

    private void Put(string name, OnnxTensor tensor)
    {
        _past[name].Dispose();
        _past[name] = tensor;
    }

    private static void Replace(ref OnnxTensor old, OnnxTensor tensor)
    {
        old.Dispose();
        old = tensor;
    }
}
