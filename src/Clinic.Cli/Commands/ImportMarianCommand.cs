using System.CommandLine;
using TransformerClinic.Runs;
using TransformerClinic.Workflows.Imports;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic import marian</c></summary>
internal sealed class ImportMarianCommand : ImportVerb
{
    private readonly Argument<string> _model = new("model")
    {
        Description =
            "A model of Marian (model.npz, model.bin), a folder of OPUS-MT with its decoder.yml, or a folder of "
            + "Hugging Face with a model of the class marian.",
    };
    private readonly Option<string?> _vocabulary = new("--vocab")
    {
        Description =
            "The vocabulary of the source, or of both languages: a SentencePiece model (.spm), or pieces with their "
            + "ids (.yml, .json). Default: as the folder says.",
    };
    private readonly Option<string?> _targetVocabulary = new("--target-vocab")
    {
        Description = "The vocabulary of the target, if it is another one.",
    };
    private readonly Option<string?> _sourcePieces = new("--source-spm")
    {
        Description =
            "The SentencePiece model that source text is cut with. Default: --vocab if it is one, or source.spm next "
            + "to the model.",
    };
    private readonly Option<string?> _targetPieces = new("--target-spm")
    {
        Description = "That of the target. Default: the target's vocabulary if it is one, or target.spm.",
    };

    public ImportMarianCommand()
        : base(
            "marian",
            "Makes a model folder of a model of Marian or OPUS-MT.",
            "model",
            ("as the folder says, or src", "as the folder says, or tgt"),
            "clinic import marian opus-mt-de-en -o model",
            "clinic import marian model.npz --vocab vocab.spm -o model --source-language de --target-language en",
            "clinic import marian model.npz --vocab vocab.yml --source-spm source.spm --target-spm target.spm -o model"
        ) => Accept(_model, _vocabulary, _targetVocabulary, _sourcePieces, _targetPieces);

    /// <inheritdoc/>
    protected override Func<CancellationToken, ModelOrigin> Work(ParseResult parsed) =>
        new MarianImport(OptionsOf(parsed)).Run;

    private MarianImportOptions OptionsOf(ParseResult parsed) =>
        new()
        {
            Model = parsed.GetRequiredValue(_model),
            Vocabulary = parsed.GetValue(_vocabulary),
            TargetVocabulary = parsed.GetValue(_targetVocabulary),
            SourcePieces = parsed.GetValue(_sourcePieces),
            TargetPieces = parsed.GetValue(_targetPieces),
            SourceLanguage = parsed.GetValue(SourceLanguage),
            TargetLanguage = parsed.GetValue(TargetLanguage),
            Ignore = parsed.GetValue(Ignore) ?? [],
            Output = parsed.GetRequiredValue(Output),
        };

    /// <inheritdoc/>
    protected override string Text(ModelOrigin origin, string output)
    {
        var facts = origin.Facts;
        return $"{output}: a model of {origin.Program}, {facts["vocabulary"]} pieces, "
            + $"{(facts["vocabularies"] == "one" ? "one vocabulary" : "two vocabularies, joined")}\n"
            + $"{origin.Ignored.Count} options of the model do not change what it computes; {ModelOrigin.FileName} "
            + "names them\n";
    }
}
