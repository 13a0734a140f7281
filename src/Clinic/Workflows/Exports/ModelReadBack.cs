using TransformerClinic.Data;
using TransformerClinic.Decoding;
using TransformerClinic.Model;
using TransformerClinic.Training;
using TransformerClinic.Training.Distributed;
using static TorchSharp.torch;

namespace TransformerClinic.Workflows.Exports;

/// <summary>A model whose weights were read back from the exported files by a reader of our own.</summary>
/// <param name="model">The model as it was read; owned.</param>
internal sealed class ModelReadBack(Transformer model) : ExportedModel
{
    /// <inheritdoc/>
    public override string Client => "the exported file, read back";

    /// <inheritdoc/>
    public override IDecodingModel Decoding { get; } = DecodingModels.Of(model, DecodingPrecision.Fp32);

    /// <inheritdoc/>
    public override Tensor Logits(Batch batch) => ModelReplicas.Logits(model, TensorBatch.Of(batch, CPU));

    /// <inheritdoc/>
    public override void Dispose() => model.Dispose();
}
