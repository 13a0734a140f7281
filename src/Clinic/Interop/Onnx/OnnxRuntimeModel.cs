using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace TransformerClinic.Interop.Onnx;

/// <summary>
/// Exported graphs of encoder and decoder in ONNX Runtime, called as transformers.js calls them. Several threads may
/// use it at once; each call computes on one.
/// </summary>
internal sealed class OnnxRuntimeModel : IDisposable
{
    private readonly InferenceSession _encoder;
    private readonly InferenceSession _decoder;

    /// <summary>The graphs, as their files' bytes.</summary>
    /// <exception cref="OnnxRuntimeException">The runtime refuses a graph.</exception>
    public OnnxRuntimeModel(byte[] encoder, byte[] decoder)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        _encoder = new InferenceSession(encoder, options);
        _decoder = new InferenceSession(decoder, options);
    }

    /// <summary>The version of ONNX Runtime.</summary>
    public static string RuntimeVersion => OrtEnv.Instance().GetVersionString();

    /// <summary>The encoder's output for sources <c>[rows, length]</c>, and an empty cache to decode with.</summary>
    /// <param name="source">Ids, row after row, padded on the right.</param>
    /// <param name="mask">1 at tokens, 0 at padding.</param>
    /// <param name="rows">Number of sources.</param>
    public OnnxCache Encode(long[] source, long[] mask, int rows)
    {
        int[] shape = [rows, source.Length / rows];
        var found = Run(
            _encoder,
            [
                NamedOnnxValue.CreateFromTensor("input_ids", new DenseTensor<long>(source, shape)),
                NamedOnnxValue.CreateFromTensor("attention_mask", new DenseTensor<long>(mask, shape)),
            ]
        );
        return new OnnxCache(
            found["last_hidden_state"],
            mask,
            [.. _decoder.InputMetadata.Keys.Where(name => name.StartsWith(OnnxCache.Past, StringComparison.Ordinal))],
            _decoder.InputMetadata[$"{OnnxCache.Past}0.decoder.key"].Dimensions
        );
    }

    /// <summary>
    /// Logits <c>[rows, length, vocabulary]</c> after the tokens <c>[rows, length]</c>, which follow what the cache
    /// holds; it then holds them, too.
    /// </summary>
    public OnnxTensor Decode(long[] tokens, OnnxCache cache)
    {
        int[] shape = [cache.Rows, tokens.Length / cache.Rows];
        var found = Run(
            _decoder,
            [NamedOnnxValue.CreateFromTensor("input_ids", new DenseTensor<long>(tokens, shape)), .. cache.Inputs()]
        );
        cache.Take(found);
        return found["logits"];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _encoder.Dispose();
        _decoder.Dispose();
    }

    private static Dictionary<string, OnnxTensor> Run(InferenceSession session, IReadOnlyList<NamedOnnxValue> inputs)
    {
        using var found = session.Run([.. inputs]);
        return found.ToDictionary(
            value => value.Name,
            value =>
            {
                var tensor = value.AsTensor<float>();
                return new OnnxTensor(tensor.ToArray(), tensor.Dimensions.ToArray());
            }
        );
    }
}

/// <summary>Numbers that ONNX Runtime takes or gives, row after row.</summary>
/// <param name="Values">The numbers.</param>
/// <param name="Shape">The tensor's dimensions.</param>
internal sealed record OnnxTensor(float[] Values, int[] Shape)
{
    /// <summary>These rows of the first dimension, possibly repeated or left out.</summary>
    public OnnxTensor Rows(int[] rows) => new(OnnxCache.Select(Values, Shape[0], rows), [rows.Length, .. Shape[1..]]);
}
