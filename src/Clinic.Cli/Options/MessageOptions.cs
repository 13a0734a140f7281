using TransformerClinic.Common;
using TransformerClinic.Interop.Fairseq;
using TransformerClinic.Reproduction;
using TransformerClinic.Runs;
using TransformerClinic.Workflows.Diagnoses;
using TransformerClinic.Workflows.Foldings;
using TransformerClinic.Workflows.Imports;

namespace TransformerClinic.Cli.Options;

/// <summary>How to set the options of the engine's messages on the command line.</summary>
internal static class MessageOptions
{
    private static readonly IReadOnlyDictionary<string, string> OnCommandLine = new Dictionary<string, string>
    {
        [RunFolder.Option] = "--run",
        [nameof(FoldOptions.Test)] = "--test",
        [nameof(FoldOptions.Source)] = "--src",
        [nameof(DiagnosisOptions.Overrides)] = "--set",
        [nameof(DiagnosisOptions.Seeds)] = "--seeds",
        [nameof(DiagnosisOptions.Updates)] = "--updates",
        [nameof(ReproductionOptions.Corpus)] = "--corpus",
        [FairseqOptions.WaiverOption] = "--ignore",
        [nameof(MarianImportOptions.Vocabulary)] = "--vocab",
        [nameof(MarianImportOptions.SourcePieces)] = "--source-spm",
        [nameof(MarianImportOptions.TargetPieces)] = "--target-spm",
        [nameof(FairseqImportOptions.SentencePiece)] = "--sentencepiece",
        [nameof(FairseqImportOptions.SourceLanguage)] = "--source-language",
        [nameof(FairseqImportOptions.TargetLanguage)] = "--target-language", // that of documents as well
    };

    /// <summary>A message followed by its options, as they are written on the command line.</summary>
    public static string Named(UserErrorException mistake) =>
        mistake.Options.Count == 0
            ? mistake.Message
            : $"{mistake.Message.TrimEnd('.')} "
                + $"({string.Join(", ", mistake.Options.Select(name => OnCommandLine[name]))}).";
}
