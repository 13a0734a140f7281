using TransformerClinic.Files;
using TransformerClinic.Interop.Fairseq;
using TransformerClinic.Interop.SentencePiece;
using TransformerClinic.Model;
using TransformerClinic.Runs;
using TransformerClinic.Text;

namespace TransformerClinic.Workflows.Exports;

/// <summary>A checkpoint and dictionaries for fairseq, with the subwords as a SentencePiece model.</summary>
internal sealed class FairseqExport : ModelExport
{
    private const string Checkpoint = "checkpoint.pt";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Files(ModelConfig config) =>
        [Checkpoint, .. Dictionaries(config), .. SentencePieceExport.AllFiles];

    /// <inheritdoc/>
    public override string? Obstacle(Transformer model) =>
        ObstacleOfStacks(model) ?? FairseqCheckpointFile.Obstacle(model.Options);

    /// <inheritdoc/>
    public override void Write(string folder, ModelConfig config, BytePairModel subwords, Transformer model)
    {
        AtomicFile.Write(
            Path.Combine(folder, Checkpoint),
            stream => FairseqCheckpointFile.Write(stream, model, config.SourceLanguage, config.TargetLanguage)
        );
        foreach (var name in Dictionaries(config).Distinct(StringComparer.Ordinal))
        {
            AtomicFile.WriteText(Path.Combine(folder, name), FairseqCheckpointFile.Dictionary(Pieces(subwords)));
        }

        SentencePieceExport.WriteFiles(folder, subwords);
    }

    /// <inheritdoc/>
    public override ExportedModel Open(string folder, ModelConfig config, Transformer model)
    {
        using var checkpoint = FairseqCheckpoint.Open(Path.Combine(folder, Checkpoint), []);
        var dictionary = FairseqDictionary.Read(Path.Combine(folder, Dictionaries(config)[0]));
        return new ModelReadBack(checkpoint.Load(new JointVocabulary(dictionary, dictionary), Vocabulary.Pad));
    }

    private static string[] Dictionaries(ModelConfig config) =>
        [$"dict.{config.SourceLanguage}.txt", $"dict.{config.TargetLanguage}.txt"];

    private static IEnumerable<string> Pieces(BytePairModel subwords) =>
        Enumerable
            .Range(Vocabulary.Marks, subwords.Vocabulary.Count - Vocabulary.Marks)
            .Select(id => SentencePieceFile.PieceOf(subwords, id));
}
