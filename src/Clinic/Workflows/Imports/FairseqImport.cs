using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Decoding;
using TransformerClinic.Interop.Fairseq;
using TransformerClinic.Runs;
using TransformerClinic.Text;
using TransformerClinic.Text.SentencePiece;

namespace TransformerClinic.Workflows.Imports;

/// <summary>
/// Makes a model folder of a checkpoint of fairseq or Transformer-Clinic, with its dictionaries and its merges. Nothing
/// in the checkpoint is run, and nothing is written unless all of it is understood.
/// </summary>
internal sealed class FairseqImport(FairseqImportOptions options)
{
    private const string Program = "fairseq";
    private const string SentencePieceEnding = ".model";

    /// <summary>Reads, checks and writes.</summary>
    /// <returns>Where the model is from, and what of it was left out.</returns>
    /// <exception cref="UserErrorException">
    /// A file is missing or damaged, the files do not belong together, the model is one that ours cannot be, or the
    /// output folder holds something else. Nothing was written.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was canceled; nothing was written.</exception>
    public ModelOrigin Run(CancellationToken stop)
    {
        OptionCheck.Valid(options, "");
        TrainedModel.MakePlaceFor(options.Output);
        using var checkpoint = FairseqCheckpoint.Open(options.Checkpoint, options.Ignore);
        var source = FairseqDictionary.Read(options.Dictionary);
        var target = options.TargetDictionary is { } path ? FairseqDictionary.Read(path) : source;
        var vocabulary = new JointVocabulary(source, target);
        var subwords = Subwords(vocabulary);
        stop.ThrowIfCancellationRequested();
        using var model = checkpoint.Load(vocabulary, Vocabulary.Pad);
        CheckNumbers(model);
        stop.ThrowIfCancellationRequested();
        var config = new ModelConfig(
            TrainedModel.Format,
            Language(
                options.SourceLanguage ?? checkpoint.Options.SourceLanguage,
                "source",
                nameof(FairseqImportOptions.SourceLanguage)
            ),
            Language(
                options.TargetLanguage ?? checkpoint.Options.TargetLanguage,
                "target",
                nameof(FairseqImportOptions.TargetLanguage)
            ),
            vocabulary.Count,
            model.Options,
            new DecodingOptions(),
            Profile: null
        );
        var origin = Origin(checkpoint, vocabulary);
        ImportedModel.Write(options.Output, config, subwords, model, origin, stop);
        return origin;
    }

    private SubwordModel Subwords(JointVocabulary vocabulary) =>
        options.SentencePiece is { } path
            ? SentencePieces(vocabulary, SentencePieceModel.Load(path))
            : WordParts(vocabulary, options.Codes is { } codes ? Merges(codes) : null);

    private SentencePieceSubwords SentencePieces(JointVocabulary vocabulary, SentencePieceModel source) =>
        new(
            source,
            options.TargetSentencePiece is { } target ? SentencePieceModel.Load(target) : source,
            vocabulary.Pieces
        );

    private WordPartsModel WordParts(JointVocabulary vocabulary, WordMerges? source) =>
        new(
            vocabulary.Pieces,
            source,
            options.TargetCodes is { } target ? Merges(target) : source,
            vocabulary.OnlySource,
            vocabulary.OnlyTarget
        );

    private static WordMerges Merges(string path) =>
        path.EndsWith(SentencePieceEnding, StringComparison.OrdinalIgnoreCase)
            ? throw new UserErrorException($"{path}: this looks like a model of SentencePiece; name it as one.")
            {
                Options = [nameof(FairseqImportOptions.SentencePiece)],
            }
            : WordMergesFile.Read(path);

    private void CheckNumbers(Model.Transformer model)
    {
        if (ImportedModel.NotANumber(model) is { } name)
        {
            throw new UserErrorException(
                $"{options.Checkpoint}: the tensor '{FairseqNames.OfParameter(name)}' holds values that are not "
                    + "numbers: the training diverged, or half precision overflowed. Take an earlier checkpoint."
            );
        }
    }

    private string Language(string? language, string side, string option) =>
        language
        ?? throw new UserErrorException(
            $"{options.Checkpoint}: the checkpoint does not say what its {side} language is; name it."
        )
        {
            Options = [option],
        };

    private ModelOrigin Origin(FairseqCheckpoint checkpoint, JointVocabulary vocabulary)
    {
        var found = checkpoint.Options;
        return new ModelOrigin(
            Program,
            RunEnvironment.ProgramVersion,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["architecture"] = found.Architecture,
                ["initType"] = found.InitType,
                ["weights"] = string.Join(", ", checkpoint.State.Types),
                ["sourcePieces"] = vocabulary.SourceCount.ToString(CultureInfo.InvariantCulture),
                ["targetPieces"] = vocabulary.TargetCount.ToString(CultureInfo.InvariantCulture),
                ["dictionaries"] = vocabulary.AreSeparate ? "separate" : "one",
                ["subwords"] =
                    options.Pretokenized ? "pretokenized"
                    : options.Codes is null ? "SentencePiece"
                    : "merges",
            },
            [
                .. new (string Role, string? Path)[]
                {
                    ("checkpoint", options.Checkpoint),
                    ("dictionary", options.Dictionary),
                    ("target dictionary", options.TargetDictionary),
                    ("codes", options.Codes),
                    ("target codes", options.TargetCodes),
                    ("SentencePiece", options.SentencePiece),
                    ("target SentencePiece", options.TargetSentencePiece),
                }
                    .Where(file => file.Path is not null)
                    .Select(file => OriginFile.Of(file.Role, file.Path!)),
            ],
            found.Ignored,
            found.Waived
        );
    }
}
