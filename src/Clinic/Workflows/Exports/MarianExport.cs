using TransformerClinic.Files;
using TransformerClinic.Interop;
using TransformerClinic.Interop.Marian;
using TransformerClinic.Interop.SentencePiece;
using TransformerClinic.Model;
using TransformerClinic.Runs;
using TransformerClinic.Text;
using TransformerClinic.Text.SentencePiece;

namespace TransformerClinic.Workflows.Exports;

/// <summary>A model file of Marian with its vocabulary, for models that were trained with Marian's options.</summary>
internal sealed class MarianExport : ModelExport
{
    private const string Model = "model.bin";
    private const string VocabularyFile = "vocab.spm";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Files(ModelConfig config) => [Model, VocabularyFile];

    /// <inheritdoc/>
    public override string? Obstacle(Transformer model) =>
        ObstacleOfStacks(model) ?? (MarianWriter.Obstacle(model) is { } obstacle ? $"{obstacle}." : null);

    /// <inheritdoc/>
    public override void Write(string folder, ModelConfig config, BytePairModel subwords, Transformer model)
    {
        AtomicFile.Write(Path.Combine(folder, Model), stream => MarianWriter.Write(stream, model));
        AtomicFile.Write(Path.Combine(folder, VocabularyFile), stream => stream.Write(SentencePieceFile.Of(subwords)));
    }

    /// <inheritdoc/>
    public override ExportedModel Open(string folder, ModelConfig config, Transformer model)
    {
        using var file = MarianFile.Open(Path.Combine(folder, Model));
        string[] pieces =
        [
            .. SentencePieceModel.Load(Path.Combine(folder, VocabularyFile)).Pieces.Select(piece => piece.Text),
        ];
        return new ModelReadBack(
            MarianWeights.Load(file, MarianOptions.Of(file, []), new PieceRows(pieces, pieces), Vocabulary.Pad)
        );
    }
}
