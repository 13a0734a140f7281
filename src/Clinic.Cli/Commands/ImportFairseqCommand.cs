using System.CommandLine;
using TransformerClinic.Common;
using TransformerClinic.Runs;
using TransformerClinic.Workflows.Imports;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic import fairseq</c></summary>
internal sealed class ImportFairseqCommand : ImportVerb
{
    private readonly Argument<string> _checkpoint = new("checkpoint")
    {
        Description =
            "A checkpoint of fairseq or Transformer-Clinic, such as checkpoint_best.pt. Nothing in it is run.",
    };
    private readonly Option<string> _dictionary = new("--dict")
    {
        Description = "The dictionary of the source, or of both languages: dict.SRC.txt.",
        Required = true,
    };
    private readonly Option<string?> _targetDictionary = new("--target-dict")
    {
        Description = "The dictionary of the target, dict.TGT.txt, if it is another one.",
    };
    private readonly Option<string?> _codes = new("--codes")
    {
        Description = "The merges of subword-nmt or fastBPE that text is cut with.",
    };
    private readonly Option<string?> _targetCodes = new("--target-codes")
    {
        Description = "Those of the target, if they are others.",
    };
    private readonly Option<string?> _sentencePiece = new("--sentencepiece")
    {
        Description = "The model of SentencePiece that text is cut with.",
    };
    private readonly Option<string?> _targetSentencePiece = new("--target-sentencepiece")
    {
        Description = "That of the target, if it is another one.",
    };
    private readonly Option<bool> _pretokenized = new("--pretokenized")
    {
        Description = "Text comes cut into the dictionary's pieces, separated by spaces, and translations stay so.",
    };

    public ImportFairseqCommand()
        : base(
            "fairseq",
            "Makes a model folder of a checkpoint of fairseq or Transformer-Clinic.",
            "checkpoint",
            ("as the checkpoint says", "as the checkpoint says"),
            "clinic import fairseq checkpoint_best.pt --dict dict.de.txt --target-dict dict.en.txt --codes codes "
                + "-o model",
            "clinic import fairseq checkpoint_last.pt --dict dict.txt --pretokenized -o model --json"
        ) =>
        Accept(
            _checkpoint,
            _dictionary,
            _targetDictionary,
            _codes,
            _targetCodes,
            _sentencePiece,
            _targetSentencePiece,
            _pretokenized
        );

    /// <inheritdoc/>
    protected override Func<CancellationToken, ModelOrigin> Work(ParseResult parsed) =>
        new FairseqImport(OptionsOf(parsed)).Run;

    private FairseqImportOptions OptionsOf(ParseResult parsed)
    {
        var (codes, targetCodes) = (parsed.GetValue(_codes), parsed.GetValue(_targetCodes));
        var (pieces, targetPieces) = (parsed.GetValue(_sentencePiece), parsed.GetValue(_targetSentencePiece));
        var pretokenized = parsed.GetValue(_pretokenized);
        if (new[] { codes is not null, pieces is not null, pretokenized }.Count(given => given) != 1)
        {
            throw new UserErrorException(
                "How does text become pieces of the dictionary? Give --codes with the merges of subword-nmt or "
                    + "fastBPE, --sentencepiece with a model of SentencePiece, or --pretokenized if text comes cut "
                    + "already; one of the three."
            );
        }

        if ((targetCodes is not null && codes is null) || (targetPieces is not null && pieces is null))
        {
            throw new UserErrorException(
                "--target-codes needs --codes, and --target-sentencepiece needs --sentencepiece: those of the source."
            );
        }

        return new FairseqImportOptions
        {
            Checkpoint = parsed.GetRequiredValue(_checkpoint),
            Dictionary = parsed.GetRequiredValue(_dictionary),
            TargetDictionary = parsed.GetValue(_targetDictionary),
            Codes = codes,
            TargetCodes = targetCodes,
            SentencePiece = pieces,
            TargetSentencePiece = targetPieces,
            Pretokenized = pretokenized,
            SourceLanguage = parsed.GetValue(SourceLanguage),
            TargetLanguage = parsed.GetValue(TargetLanguage),
            Ignore = parsed.GetValue(Ignore) ?? [],
            Output = parsed.GetRequiredValue(Output),
        };
    }

    /// <inheritdoc/>
    protected override string Text(ModelOrigin origin, string output)
    {
        var facts = origin.Facts;
        return $"{output}: {facts["architecture"]}, init_type {facts["initType"]}, weights {facts["weights"]}, "
            + $"{facts["dictionaries"] switch
                {
                    "one" => $"one dictionary of {facts["sourcePieces"]} pieces",
                    _ => $"dictionaries of {facts["sourcePieces"]} and {facts["targetPieces"]} pieces, joined",
                }}\n"
            + $"{origin.Ignored.Count} options of the checkpoint do not change what it computes; "
            + $"{ModelOrigin.FileName} names them\n";
    }
}
