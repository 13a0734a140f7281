using Microsoft.ML.OnnxRuntime;

namespace TransformerClinic.Interop.Onnx;

/// <summary>
/// Exported graphs of encoder and decoder in ONNX Runtime, called as transformers.js calls them. Several threads may
/// use it at once; each call computes on one.
/// </summary>
internal sealed class OnnxRuntimeModel : IDisposable
{
    private const string Hidden = "last_hidden_state";
    private const string Logits = "logits";

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

    /// <summary>The encoder's output for sources <c>[rows, length]</c>, in an empty cache to decode with.</summary>
    /// <param name="source">Ids, row after row, padded on the right.</param>
    /// <param name="mask">1 at tokens, 0 at padding.</param>
    /// <param name="rows">Number of sources.</param>
    public OnnxCache Encode(long[] source, long[] mask, int rows)
    {
        int[] shape = [rows, source.Length / rows];
        using var ids = OnnxTensor.Of(source, shape);
        using var tokens = OnnxTensor.Of(mask, shape);
        var found = Run(_encoder, [("input_ids", ids), ("attention_mask", tokens)], [Hidden]);
        return new OnnxCache(
            found[Hidden],
            mask,
            _decoder.InputMetadata.Keys.Where(name => name.StartsWith(OnnxCache.Past, StringComparison.Ordinal)),
            _decoder.InputMetadata[$"{OnnxCache.Past}0.decoder.key"].Dimensions
        );
    }

    /// <summary>
    /// Logits <c>[rows, length, vocabulary]</c> after the tokens <c>[rows, length]</c>, which follow what the cache
    /// holds; it then holds them, too. Owned by the receiver.
    /// </summary>
    public OnnxTensor Decode(long[] tokens, OnnxCache cache)
    {
        using var ids = OnnxTensor.Of(tokens, cache.Rows, tokens.Length / cache.Rows);
        using var mask = OnnxTensor.Of(cache.Mask, cache.Rows, cache.Mask.Length / cache.Rows);
        using var started = OnnxTensor.Of([cache.IsStarted], 1);
        var found = Run(
            _decoder,
            [
                ("input_ids", ids),
                ("encoder_hidden_states", cache.Memory),
                ("encoder_attention_mask", mask),
                ("use_cache_branch", started),
                .. cache.Inputs,
            ],
            [Logits, .. cache.Wanted]
        );
        cache.Take(found);
        return found[Logits];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _encoder.Dispose();
        _decoder.Dispose();
    }

    private static Dictionary<string, OnnxTensor> Run(
        InferenceSession session,
        IReadOnlyList<(string Name, OnnxTensor Tensor)> inputs,
        IReadOnlyList<string> outputs
    )
    {
        using var options = new RunOptions();
        var found = session.Run(
            options,
            [.. inputs.Select(input => input.Name)],
            [.. inputs.Select(input => input.Tensor.Value)],
            [.. outputs]
        );
        return outputs.Zip(found).ToDictionary(pair => pair.First, pair => new OnnxTensor(pair.Second));
    }
}
