using System.Text.Json.Nodes;
using TransformerClinic.Files;
using TransformerClinic.Interop.CTranslate2;
using TransformerClinic.Interop.SentencePiece;
using TransformerClinic.Model;
using TransformerClinic.Runs;
using TransformerClinic.Text;

namespace TransformerClinic.Workflows.Exports;

/// <summary>A folder for CTranslate2, together with the subwords as a SentencePiece model.</summary>
/// <param name="int8">Whether matrices are int8.</param>
internal sealed class CTranslate2Export(bool int8) : ModelExport
{
    private const string Model = "model.bin";
    private const string Config = "config.json";
    private const string SharedVocabulary = "shared_vocabulary.json";

    /// <inheritdoc/>
    public override bool IsRounded => int8;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Files(ModelConfig config) =>
        [Model, Config, SharedVocabulary, .. SentencePieceExport.AllFiles];

    /// <inheritdoc/>
    public override string? Obstacle(Transformer model) => ObstacleOfStacks(model);

    /// <inheritdoc/>
    public override void Write(string folder, ModelConfig config, BytePairModel subwords, Transformer model)
    {
        AtomicFile.Write(Path.Combine(folder, Model), stream => CTranslate2File.Write(stream, model, int8));
        Json.Write(Path.Combine(folder, Config), CTranslate2Config.Of(subwords.Vocabulary));
        Json.Write(
            Path.Combine(folder, SharedVocabulary),
            new JsonArray([
                .. Enumerable
                    .Range(0, subwords.Vocabulary.Count)
                    .Select(id => JsonValue.Create(SentencePieceFile.PieceOf(subwords, id))),
            ])
        );
        SentencePieceExport.WriteFiles(folder, subwords);
    }

    /// <inheritdoc/>
    public override ExportedModel Open(string folder, ModelConfig config, Transformer model)
    {
        using var stream = File.OpenRead(Path.Combine(folder, Model));
        return new ModelReadBack(CTranslate2Reader.Read(stream, model));
    }
}
