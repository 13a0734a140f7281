using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Interop;
using TransformerClinic.Interop.HuggingFace;
using TransformerClinic.Interop.Safetensors;
using TransformerClinic.Model;
using TransformerClinic.Runs;
using TransformerClinic.Text;
using static TorchSharp.torch;
using Transformer = TransformerClinic.Model.Transformer;

namespace TransformerClinic.Workflows.Exports;

/// <summary>
/// A folder for Hugging Face: weights in safetensors for <c>transformers</c> in Python, graphs for transformers.js,
/// tokenizer and model card.
/// </summary>
/// <param name="class">The class of <c>transformers</c>; null for the one that the model's variant fits.</param>
/// <param name="int8">Whether graphs with int8 matrices are written, too.</param>
internal sealed class HuggingFaceExport(HuggingFaceClass? @class, bool int8) : ModelExport
{
    private const string Weights = "model.safetensors";
    private const string Card = "README.md";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Files(ModelConfig config) => [Weights, Card, .. OnnxExport.AllFiles];

    /// <inheritdoc/>
    public override string? Obstacle(Transformer model)
    {
        if (ObstacleOfStacks(model) is { } obstacle)
        {
            return obstacle;
        }

        var (encoder, decoder) = PlainStacks.Of(model);
        if (encoder != decoder)
        {
            return "its encoder and its decoder normalize at different places, and no class there does.";
        }

        var chosen = ClassOf(model);
        if ((chosen == HuggingFaceClass.M2m100) != (encoder == PlainStack.PreLn))
        {
            return $"the class {OptionKey.Format(chosen)} normalizes "
                + (
                    encoder == PlainStack.PreLn
                        ? "after each sublayer, and the model before."
                        : "before each sublayer, and the model after."
                );
        }

        return model.Encoder.InputScale is not null || model.Decoder.InputScale is not null
                ? "the input of a stack has a scale, left by its first connection, which no class there has."
            : model.Options.SharedEmbeddings == EmbeddingSharing.None
                ? "its output projection is a matrix of its own, and the classes there take the target's embedding."
            : chosen == HuggingFaceClass.M2m100 && model.Options.SharedEmbeddings != EmbeddingSharing.All
                ? "source and target have matrices of their own, and the class m2m_100 has one for both."
            : chosen != HuggingFaceClass.Marian && ObstacleOfOptions(model.Options) is { } option
                ? $"{option}, which only the class marian has."
            : model.Options.ZeroStart && !PaddingIsZero(model.Embeddings.Target)
                ? "its decoder starts from no embedding, there from padding's, which is not zero in this model."
            : null;
    }

    private static bool PaddingIsZero(Tensor embedding)
    {
        using var scope = NewDisposeScope();
        return embedding[Vocabulary.Pad].count_nonzero().item<long>() == 0;
    }

    private static string? ObstacleOfOptions(ModelOptions options) =>
        options switch
        {
            { OutputBias: true } => "its output projection has a bias",
            { ZeroStart: true } => "its decoder starts from no embedding",
            { Positions: not PositionFormula.Fairseq } => "its positions are not fairseq's",
            _ => null,
        };

    /// <inheritdoc/>
    public override void Write(string folder, ModelConfig config, BytePairModel subwords, Transformer model)
    {
        var chosen = ClassOf(model);
        AtomicFile.Write(
            Path.Combine(folder, Weights),
            stream =>
                SafetensorsWriter.Write(
                    stream,
                    HuggingFaceWeights.Of(model, chosen),
                    new Dictionary<string, string> { ["format"] = "pt" }
                )
        );
        HuggingFaceFiles.Write(folder, config, subwords, model, chosen);
        AtomicFile.WriteText(
            Path.Combine(folder, Card),
            HuggingFaceCard.Text(config.SourceLanguage, config.TargetLanguage, chosen)
        );
        OnnxExport.WriteGraphs(folder, model, int8);
    }

    /// <inheritdoc/>
    public override ExportedModel Open(string folder, ModelConfig config, Transformer model) =>
        OnnxExport.Open(folder, int8: false);

    /// <inheritdoc/>
    public override ExportedModel? OpenInt8(string folder, Transformer model) =>
        int8 ? OnnxExport.Open(folder, int8: true) : null;

    private HuggingFaceClass ClassOf(Transformer model) =>
        @class
        ?? (PlainStacks.Of(model).Encoder == PlainStack.PreLn ? HuggingFaceClass.M2m100 : HuggingFaceClass.Marian);
}
