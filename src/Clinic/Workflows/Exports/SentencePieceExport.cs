using TransformerClinic.Files;
using TransformerClinic.Interop.SentencePiece;
using TransformerClinic.Model;
using TransformerClinic.Runs;
using TransformerClinic.Runs.Certificates;
using TransformerClinic.Text;
using TransformerClinic.Text.SentencePiece;

namespace TransformerClinic.Workflows.Exports;

/// <summary>The subwords only, as a SentencePiece model with the same ids.</summary>
internal sealed class SentencePieceExport : ModelExport
{
    private const string Model = "sentencepiece.model";
    private const string Pieces = "sentencepiece.vocab";

    /// <summary>Names of all files that such an export may contain.</summary>
    public static readonly IReadOnlyList<string> AllFiles = [Model, Pieces];

    /// <inheritdoc/>
    public override bool Folds => false;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Files(ModelConfig config) => AllFiles;

    /// <inheritdoc/>
    public override string? Obstacle(Transformer model) => null;

    /// <inheritdoc/>
    public override void Write(string folder, ModelConfig config, BytePairModel subwords, Transformer model) =>
        WriteFiles(folder, subwords);

    /// <inheritdoc/>
    public override ExportedModel? Open(string folder, ModelConfig config, Transformer model) => null;

    /// <inheritdoc/>
    public override ExportedSubwords Cut(string folder, BytePairModel subwords, IReadOnlyList<string> sentences)
    {
        var exported = SentencePieceModel.Load(Path.Combine(folder, Model));
        var differing = sentences
            .Select(subwords.Normalize)
            .Where(sentence => !subwords.Encode(sentence).SequenceEqual(exported.Encode(sentence)))
            .ToList();
        return new ExportedSubwords(
            "the exported file, read back",
            sentences.Count,
            sentences.Count - differing.Count,
            [.. differing.Select(sentence => new DifferingSubwords(sentence, ReasonOf(sentence)))]
        );
    }

    /// <summary>Writes model and list of pieces.</summary>
    public static void WriteFiles(string folder, BytePairModel subwords)
    {
        AtomicFile.Write(Path.Combine(folder, Model), stream => stream.Write(SentencePieceFile.Of(subwords)));
        AtomicFile.WriteText(Path.Combine(folder, Pieces), SentencePieceFile.List(subwords));
    }

    private static string? ReasonOf(string sentence) =>
        sentence.Contains(SentencePieceFile.Space, StringComparison.Ordinal)
            ? "U+2581 is SentencePiece's sign for a space"
        : WordSplitter.Split(sentence).Any(word => word.Length >= WordSplitter.Longest)
            ? "SentencePiece does not cut long runs of letters"
        : null;
}
