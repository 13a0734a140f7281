using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using TransformerClinic.Interop.Onnx;
using TransformerClinic.Model;
using TransformerClinic.Text;

namespace TransformerClinic.Tests.Interop.Onnx;

/// <summary>Values that ONNX Runtime computed.</summary>
internal sealed record OnnxValues(int[] Shape, float[] Values);

/// <summary>A model's graphs in ONNX Runtime, called as transformers.js calls them.</summary>
internal sealed class OnnxModel : IDisposable
{
    private static readonly string[] Kinds = ["decoder.key", "decoder.value", "encoder.key", "encoder.value"];

    private readonly Transformer _model;
    private readonly InferenceSession _encoder;
    private readonly InferenceSession _decoder;

    public OnnxModel(Transformer model, bool quantized)
    {
        _model = model;
        _encoder = Open(OnnxEncoder.Of(model, quantized));
        _decoder = Open(OnnxDecoder.Of(model, quantized));
    }

    public OnnxValues Encode(long[,] source) =>
        Values(_encoder, ("input_ids", Tensor(source)), ("attention_mask", Mask(source)))["last_hidden_state"];

    /// <summary>Logits of a whole target at once.</summary>
    public OnnxValues Decode(long[,] target, OnnxValues memory, long[,] source) =>
        Step(target, memory, source, Empty(source.GetLength(0)));

    public Dictionary<string, OnnxValues> Empty(int batch)
    {
        int[] shape = [batch, _model.Options.Heads, 0, _model.Options.Dim / _model.Options.Heads];
        return Enumerable
            .Range(0, _model.Options.Decoder.Layers)
            .SelectMany(layer => Kinds.Select(kind => $"{layer}.{kind}"))
            .ToDictionary(name => name, _ => new OnnxValues(shape, []));
    }

    /// <summary>Logits of the tokens after what the cache holds; the cache grows by them.</summary>
    public OnnxValues Step(long[,] tokens, OnnxValues memory, long[,] source, Dictionary<string, OnnxValues> cache)
    {
        var first = cache["0.encoder.key"].Values.Length == 0;
        var found = Values(
            _decoder,
            [
                ("input_ids", Tensor(tokens)),
                ("encoder_hidden_states", Tensor(memory)),
                ("encoder_attention_mask", Mask(source)),
                (
                    "use_cache_branch",
                    NamedOnnxValue.CreateFromTensor("use_cache_branch", new DenseTensor<bool>(new[] { !first }, [1]))
                ),
                .. cache.Select(entry => ($"past_key_values.{entry.Key}", Tensor(entry.Value))),
            ]
        );
        foreach (
            var name in cache.Keys.Where(name => first || name.Contains("decoder", StringComparison.Ordinal)).ToList()
        )
        {
            cache[name] = found[$"present.{name}"];
        }

        return found["logits"];
    }

    public void Dispose()
    {
        _encoder.Dispose();
        _decoder.Dispose();
    }

    private static InferenceSession Open(OnnxGraph graph)
    {
        using var stream = new MemoryStream();
        OnnxFile.Write(stream, graph);
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        return new InferenceSession(stream.ToArray(), options);
    }

    private static Dictionary<string, OnnxValues> Values(
        InferenceSession session,
        params (string Name, object Value)[] inputs
    )
    {
        using var found = session.Run([.. inputs.Select(input => Named(input.Name, input.Value))]);
        return found.ToDictionary(
            value => value.Name,
            value => new OnnxValues(value.AsTensor<float>().Dimensions.ToArray(), [.. value.AsTensor<float>()])
        );
    }

    private static NamedOnnxValue Named(string name, object value) =>
        value switch
        {
            NamedOnnxValue named => named,
            DenseTensor<long> tokens => NamedOnnxValue.CreateFromTensor(name, tokens),
            _ => NamedOnnxValue.CreateFromTensor(name, (DenseTensor<float>)value),
        };

    private static DenseTensor<long> Mask(long[,] tokens) => Tensor(tokens, token => token == Vocabulary.Pad ? 0 : 1);

    private static DenseTensor<long> Tensor(long[,] tokens) => Tensor(tokens, token => token);

    private static DenseTensor<long> Tensor(long[,] tokens, Func<long, long> of) =>
        new(tokens.Cast<long>().Select(of).ToArray(), [tokens.GetLength(0), tokens.GetLength(1)]);

    private static DenseTensor<float> Tensor(OnnxValues values) => new(values.Values, values.Shape);
}
