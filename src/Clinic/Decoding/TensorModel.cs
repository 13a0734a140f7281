using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Decoding;

/// <summary>A model that decodes with libtorch's operators, on any device and in any type.</summary>
internal sealed class TensorModel(Transformer model) : IDecodingModel
{
    /// <inheritdoc/>
    public IIncrementalDecoder Start(IReadOnlyList<int[]> sources)
    {
        using var scope = NewDisposeScope();
        return new TensorDecoder(model, model.StartDecoding(model.Encode(Rectangle(sources))), sources.Count);
    }

    private Tensor Rectangle(IReadOnlyList<int[]> sources)
    {
        var width = sources.Max(source => source.Length);
        var ids = new long[sources.Count * width];
        Array.Fill(ids, model.Padding);
        for (var row = 0; row < sources.Count; row++)
        {
            Array.Copy(sources[row], 0, ids, row * width, sources[row].Length);
        }

        return tensor(ids, [sources.Count, width], device: model.Embeddings.Source.device);
    }
}
