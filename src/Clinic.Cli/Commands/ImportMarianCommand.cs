using System.CommandLine;
using TransformerClinic.Runs;
using TransformerClinic.Workflows.Imports;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic import marian</c></summary>
internal sealed class ImportMarianCommand : ResultVerb
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
    private readonly Option<string?> _sourceLanguage = new("--source-language")
    {
        Description = "The language that the model reads. Default: as the folder says, or src.",
    };
    private readonly Option<string?> _targetLanguage = new("--target-language")
    {
        Description = "The language that it writes. Default: as the folder says, or tgt.",
    };
    private readonly Option<string[]> _ignore = new("--ignore")
    {
        Description = "Options of the model that are not known here and that you know not to change what it computes.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The model folder to write.",
        Required = true,
    };

    public ImportMarianCommand()
        : base(
            "marian",
            "Makes a model folder of a model of Marian or OPUS-MT.",
            "clinic import marian opus-mt-de-en -o model",
            "clinic import marian model.npz --vocab vocab.spm -o model --source-language de --target-language en",
            "clinic import marian model.npz --vocab vocab.yml --source-spm source.spm --target-spm target.spm -o model"
        ) =>
        Accept(
            _model,
            _vocabulary,
            _targetVocabulary,
            _sourcePieces,
            _targetPieces,
            _sourceLanguage,
            _targetLanguage,
            _ignore,
            _output
        );

    /// <inheritdoc/>
    protected override int Run(ParseResult parsed)
    {
        var options = OptionsOf(parsed);
        var origin = UntilStopped(new MarianImport(options).Run);
        Print(parsed, origin, shown => Text(shown, options.Output));
        return ExitCode.Done;
    }

    private MarianImportOptions OptionsOf(ParseResult parsed) =>
        new()
        {
            Model = parsed.GetRequiredValue(_model),
            Vocabulary = parsed.GetValue(_vocabulary),
            TargetVocabulary = parsed.GetValue(_targetVocabulary),
            SourcePieces = parsed.GetValue(_sourcePieces),
            TargetPieces = parsed.GetValue(_targetPieces),
            SourceLanguage = parsed.GetValue(_sourceLanguage),
            TargetLanguage = parsed.GetValue(_targetLanguage),
            Ignore = parsed.GetValue(_ignore) ?? [],
            Output = parsed.GetRequiredValue(_output),
        };

    private static string Text(ModelOrigin origin, string output)
    {
        var facts = origin.Facts;
        var text =
            $"{output}: a model of {origin.Program}, {facts["vocabulary"]} pieces, "
            + $"{(facts["vocabularies"] == "one" ? "one vocabulary" : "two vocabularies, joined")}\n"
            + $"{origin.Ignored.Count} options of the model do not change what it computes; {ModelOrigin.FileName} "
            + "names them\n";
        return origin.Waived.Count == 0 ? text : $"{text}ignored as you said: {string.Join(", ", origin.Waived)}\n";
    }
}
