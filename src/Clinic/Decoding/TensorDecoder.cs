using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Decoding;

/// <summary>Incremental decoding with libtorch's operators and a <see cref="DecoderCache"/>.</summary>
internal sealed class TensorDecoder(Transformer model, DecoderCache cache, int sources) : IIncrementalDecoder
{
    private int _sources = sources;

    /// <inheritdoc/>
    public Tensor Logits(int[] tokens, int hypotheses)
    {
        using var ids = Ids(tokens, _sources, hypotheses);
        return model.DecodeStep(ids, cache);
    }

    /// <inheritdoc/>
    public void KeepSources(int[] sources)
    {
        using var kept = Ids(sources, sources.Length);
        cache.KeepSources(kept);
        _sources = sources.Length;
    }

    /// <inheritdoc/>
    public void Reorder(int[] parents)
    {
        using var rows = Ids(parents, _sources, parents.Length / _sources);
        cache.Reorder(rows);
    }

    /// <inheritdoc/>
    public void Dispose() => cache.Dispose();

    private Tensor Ids(int[] values, params long[] shape) =>
        tensor(Array.ConvertAll(values, value => (long)value), shape, device: model.Embeddings.Source.device);
}
