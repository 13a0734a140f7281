using TransformerClinic.Kernels;
using static TorchSharp.torch;

namespace TransformerClinic.Decoding.Packed;

/// <summary>
/// Incremental decoding of one batch with a <see cref="PackedTransformer"/>. Owns what it remembers of the batch.
/// </summary>
internal sealed unsafe class PackedDecoder : IMemoryDecoder
{
    private readonly PackedTransformer _model;
    private readonly int _tokens;

    // Keys and values of the encoder's output, [layers, tokens of all sources, 2 dim].
    private readonly ScratchMemory<float> _memory;
    private List<SourceCache> _caches = [];
    private Workspace _work;
    private ScratchMemory<float>? _logits;
    private int _step;

    /// <summary>Encodes a batch of sources.</summary>
    public PackedDecoder(PackedTransformer model, IReadOnlyList<int[]> sources)
    {
        (_model, _tokens) = (model, sources.Sum(source => source.Length));
        var (layers, dim) = (model.Layers.Count, model.Options.Dim);
        _memory = new ScratchMemory<float>((long)layers * _tokens * 2 * dim);
        _work = new Workspace(_tokens, model.Options);
        model.Encoder.Encode(sources, _work);
        for (var layer = 0; layer < layers; layer++)
        {
            model.Layers[layer].ProjectMemory(_work.Stream, _tokens, Memory(layer));
        }

        var first = 0;
        foreach (var source in sources)
        {
            _caches.Add(new SourceCache(first, source.Length, layers, dim));
            first += source.Length;
        }
    }

    /// <inheritdoc/>
    public Tensor Logits(int[] tokens, int hypotheses)
    {
        var logits = empty([_caches.Count, hypotheses, _model.Projection.Outputs], ScalarType.Float32);
        var size = logits.numel() * sizeof(float);
        Buffer.MemoryCopy(LogitsInMemory(tokens, hypotheses), TensorMemory.Of<float>(logits), size, size);
        return logits;
    }

    /// <inheritdoc/>
    public float* LogitsInMemory(int[] tokens, int hypotheses)
    {
        Reserve(tokens.Length);
        _caches.ForEach(cache => cache.NextStep(hypotheses));
        _model.Embedding.Fill(tokens, _step, 0, _work.Stream);
        _model.Ends.Begin(_work, tokens.Length);
        for (var layer = 0; layer < _model.Layers.Count; layer++)
        {
            _model.Layers[layer].Step(layer, _work, _caches, hypotheses, Memory(layer));
        }

        _model.Ends.Finish(_work, tokens.Length);
        _step++;
        _model.Projection.Multiply(_work.Stream, tokens.Length, _logits!.Start);
        return _logits.Start;
    }

    /// <inheritdoc/>
    public void KeepSources(int[] sources)
    {
        List<SourceCache> kept = [.. sources.Select(source => _caches[source])];
        _caches.Except(kept).ToList().ForEach(cache => cache.Dispose());
        _caches = kept;
    }

    /// <inheritdoc/>
    public void Reorder(int[] parents)
    {
        var hypotheses = parents.Length / _caches.Count;
        for (var i = 0; i < _caches.Count; i++)
        {
            _caches[i].Reorder(parents.AsSpan(i * hypotheses, hypotheses));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _caches.ForEach(cache => cache.Dispose());
        _work.Dispose();
        _memory.Dispose();
        _logits?.Dispose();
    }

    private float* Memory(int layer) => _memory.Start + ((long)layer * _tokens * 2 * _model.Options.Dim);

    private void Reserve(int rows)
    {
        if (rows > _work.Rows)
        {
            _work.Dispose();
            _work = new Workspace(rows, _model.Options);
        }

        var numbers = (long)rows * _model.Projection.Outputs;
        if (_logits is null || numbers > _logits.Length)
        {
            _logits?.Dispose();
            _logits = new ScratchMemory<float>(numbers);
        }
    }
}
