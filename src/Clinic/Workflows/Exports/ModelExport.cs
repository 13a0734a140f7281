using TransformerClinic.Files;
using TransformerClinic.Interop;
using TransformerClinic.Model;
using TransformerClinic.Runs;
using TransformerClinic.Runs.Certificates;
using TransformerClinic.Text;

namespace TransformerClinic.Workflows.Exports;

/// <summary>How a model goes to one target: whether it can, what is written, and how that is opened again.</summary>
internal abstract class ModelExport
{
    /// <summary>The way to a target.</summary>
    public static ModelExport Of(ExportOptions options) =>
        options.Target switch
        {
            ExportTarget.Onnx => new OnnxExport(options.Int8),
            ExportTarget.Hf => new HuggingFaceExport(options.Class, options.Int8),
            ExportTarget.Ctranslate2 => new CTranslate2Export(options.Int8),
            ExportTarget.Fairseq => new FairseqExport(),
            ExportTarget.Marian => new MarianExport(),
            ExportTarget.Sentencepiece => new SentencePieceExport(),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Target, "This target is not known."),
        };

    /// <summary>Whether residual scales are folded into the weights, as the target knows none.</summary>
    public virtual bool Folds => true;

    /// <summary>Whether its matrices are int8 in place of float32, so that nothing of it is to be judged.</summary>
    public virtual bool IsRounded => false;

    /// <summary>Why the target cannot hold a model, in words; null if it can.</summary>
    /// <param name="model">The model, its scales folded if the target knows none.</param>
    public abstract string? Obstacle(Transformer model);

    /// <summary>Writes the files.</summary>
    /// <param name="folder">Where to: an empty folder.</param>
    /// <param name="config">The model's configuration.</param>
    /// <param name="subwords">Its subwords.</param>
    /// <param name="model">The model, its scales folded if the target knows none; in float32.</param>
    public abstract void Write(string folder, ModelConfig config, BytePairModel subwords, Transformer model);

    /// <summary>Opens what was written; null for a target without weights.</summary>
    public abstract ExportedModel? Open(string folder, ModelConfig config, Transformer model);

    /// <summary>Opens what was written in int8 next to float32; null if nothing was.</summary>
    public virtual ExportedModel? OpenInt8(string folder, Transformer model) => null;

    /// <summary>Sentences cut by what was written; null for a target whose subwords are not read back.</summary>
    public virtual ExportedSubwords? Cut(string folder, BytePairModel subwords, IReadOnlyList<string> sentences) =>
        null;

    /// <summary>Names of all files that an export of a model may contain.</summary>
    protected abstract IReadOnlyList<string> Files(ModelConfig config);

    /// <summary>What such a folder holds.</summary>
    public FolderContents Contents(ModelConfig config) =>
        new("an export of this kind", [.. Files(config), Certificate], [Certificate]);

    /// <summary>What keeps a model from a target that knows only plain stacks.</summary>
    protected static string? ObstacleOfStacks(Transformer model) =>
        PlainStacks.Of(model) switch
        {
            (null, _) => NotPlain(StackName.Encoder),
            (_, null) => NotPlain(StackName.Decoder),
            _ => null,
        };

    private const string Certificate = ExportCertificate.FileName;

    private static string NotPlain(StackName stack) =>
        $"the {stack.Word()}'s residual connections are neither plain Post-LN nor plain Pre-LN, and cannot be folded "
        + "into them.";
}
