using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace TransformerClinic.Interop.Onnx;

/// <summary>
/// What the client of an exported decoder keeps between its steps: the encoder's output with its mask, and each layer's
/// keys and values. Those of the encoder's output are computed by the first step, and only taken from it.
/// </summary>
internal sealed class OnnxCache
{
    /// <summary>What the names of the inputs begin with.</summary>
    public const string Past = "past_key_values.";

    private const string Present = "present.";
    private const string OfEncoder = ".encoder.";

    private readonly Dictionary<string, OnnxTensor> _past;
    private OnnxTensor _memory;
    private long[] _mask;
    private bool _started;

    /// <summary>An empty cache.</summary>
    /// <param name="memory">The encoder's output, <c>[rows, length, dim]</c>.</param>
    /// <param name="mask">1 at tokens, 0 at padding, <c>[rows, length]</c>.</param>
    /// <param name="inputs">Names of the decoder's inputs for keys and values.</param>
    /// <param name="shape">Their dimensions; those that a call decides are negative.</param>
    public OnnxCache(OnnxTensor memory, long[] mask, IReadOnlyList<string> inputs, int[] shape)
    {
        (_memory, _mask) = (memory, mask);
        int[] empty = [memory.Shape[0], shape[1], 0, shape[3]];
        _past = inputs.ToDictionary(name => name[Past.Length..], _ => new OnnxTensor([], empty));
    }

    /// <summary>Rows: hypotheses that are decoded side by side.</summary>
    public int Rows => _memory.Shape[0];

    /// <summary>Keeps these rows, possibly repeated or left out.</summary>
    public void Keep(int[] rows)
    {
        _mask = Select(_mask, Rows, rows);
        _memory = _memory.Rows(rows);
        foreach (var name in _past.Keys)
        {
            _past[name] = _past[name].Rows(rows);
        }
    }

    /// <summary>What the decoder's next step takes, without its tokens.</summary>
    public IEnumerable<NamedOnnxValue> Inputs() =>
        [
            Input("encoder_hidden_states", _memory),
            NamedOnnxValue.CreateFromTensor(
                "encoder_attention_mask",
                new DenseTensor<long>(_mask, [Rows, _mask.Length / Rows])
            ),
            NamedOnnxValue.CreateFromTensor("use_cache_branch", new DenseTensor<bool>(new[] { _started }, [1])),
            .. _past.Select(entry => Input(Past + entry.Key, entry.Value)),
        ];

    /// <summary>Takes what a step gave.</summary>
    public void Take(IReadOnlyDictionary<string, OnnxTensor> found)
    {
        foreach (var name in _past.Keys.Where(name => !_started || !name.Contains(OfEncoder, StringComparison.Ordinal)))
        {
            _past[name] = found[Present + name];
        }

        _started = true;
    }

    /// <summary>These rows of an array of equally long ones.</summary>
    public static T[] Select<T>(T[] values, int count, int[] rows)
    {
        var width = values.Length / count;
        var kept = new T[rows.Length * width];
        for (var i = 0; i < rows.Length; i++)
        {
            Array.Copy(values, rows[i] * width, kept, i * width, width);
        }

        return kept;
    }

    private static NamedOnnxValue Input(string name, OnnxTensor tensor) =>
        NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(tensor.Values, tensor.Shape));
}
