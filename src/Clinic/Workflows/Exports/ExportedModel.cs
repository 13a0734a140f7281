using TransformerClinic.Data;
using TransformerClinic.Decoding;
using static TorchSharp.torch;

namespace TransformerClinic.Workflows.Exports;

/// <summary>A model as its export computes it, to be compared with the original.</summary>
internal abstract class ExportedModel : IDisposable
{
    /// <summary>Who computed, such as <c>ONNX Runtime 1.31.1</c>.</summary>
    public abstract string Client { get; }

    /// <summary>What the search decodes with.</summary>
    public abstract IDecodingModel Decoding { get; }

    /// <summary>Logits <c>[tokens, vocabulary]</c> of a batch's real target tokens.</summary>
    public abstract Tensor Logits(Batch batch);

    /// <inheritdoc/>
    public abstract void Dispose();
}
