using TorchSharp;
using TransformerClinic.Interop.Fairseq;
using TransformerClinic.Model;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.Verification.Reference;

/// <summary>Our models with the reference's weights.</summary>
internal sealed class ReferenceModels(ReferenceFolder folder)
{
    private const string Positions = "model/positions.safetensors";

    /// <summary>The recorded position table, <c>[rows, dim]</c>; null if there is none.</summary>
    public Tensor? RecordedPositions()
    {
        if (!folder.Has(Positions))
        {
            return null;
        }

        using var tensors = folder.Open(Positions);
        return tensors["table"];
    }

    /// <summary>A model with a file's weights, in float32 as stored or widened to float64.</summary>
    /// <param name="name">The file.</param>
    /// <param name="options">The model's shape; the file decides which embeddings are shared.</param>
    /// <param name="precision">The precision of its computations.</param>
    public Transformer Load(string name, ModelOptions options, ScalarType precision)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var weights = folder.Open(name);
        var vocabulary = (int)weights[FairseqNames.SourceEmbedding].shape[0];
        var model = new Transformer(
            options with
            {
                SharedEmbeddings = Sharing(weights),
            },
            vocabulary,
            Vocabulary.Pad,
            seed: 0
        );
        weights.Parameters.Read(model);
        TakePositions(model);
        model.to(precision);
        return model;
    }

    private static EmbeddingSharing Sharing(ReferenceTensors weights) =>
        weights.Has(FairseqNames.OutputProjection) ? EmbeddingSharing.None : EmbeddingSharing.All;

    /// <summary>
    /// The reference's own table as far as it was recorded, so that its last bits do not affect comparisons.
    /// </summary>
    private void TakePositions(Transformer model)
    {
        if (RecordedPositions() is not { } recorded || recorded.shape[1] != model.Options.Dim)
        {
            return;
        }

        var table = model.get_buffer("positions.table")!;
        var rows = Math.Min(recorded.shape[0], table.shape[0]);
        table.narrow(0, 0, rows).copy_(recorded.narrow(0, 0, rows));
    }
}
