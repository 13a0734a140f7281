using TransformerClinic.Common;

namespace TransformerClinic.Workflows.Imports;

/// <summary>A checkpoint of fairseq or Transformer-Clinic, what belongs to it, and where the model goes.</summary>
internal sealed record FairseqImportOptions : IOptionRules
{
    /// <summary>The checkpoint, such as <c>checkpoint_best.pt</c>.</summary>
    public required string Checkpoint { get; init; }

    /// <summary>The dictionary of the source, or of both languages: <c>dict.SRC.txt</c>.</summary>
    public required string Dictionary { get; init; }

    /// <summary>The dictionary of the target, if it is another one; null if it is the same.</summary>
    public string? TargetDictionary { get; init; }

    /// <summary>The merges of subword-nmt or fastBPE that text is cut with; null for none.</summary>
    public string? Codes { get; init; }

    /// <summary>The merges of the target, if they are others; null if they are the same.</summary>
    public string? TargetCodes { get; init; }

    /// <summary>The model of SentencePiece that text is cut with; null for none.</summary>
    public string? SentencePiece { get; init; }

    /// <summary>SentencePiece's model of the target, if it is another one; null if it is the same.</summary>
    public string? TargetSentencePiece { get; init; }

    /// <summary>Whether text comes cut into the dictionary's pieces, separated by spaces, and stays so.</summary>
    public bool Pretokenized { get; init; }

    /// <summary>The language that it reads; null takes what the checkpoint says.</summary>
    public string? SourceLanguage { get; init; }

    /// <summary>The language that it writes; null takes what the checkpoint says.</summary>
    public string? TargetLanguage { get; init; }

    /// <summary>Names of options of the checkpoint to leave out although they are not known.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>The model folder to write: a new one, an empty one, or one that holds a model.</summary>
    public required string Output { get; init; }

    /// <inheritdoc/>
    IEnumerable<string> IOptionRules.BrokenRules(string section)
    {
        if (new[] { Codes is not null, SentencePiece is not null, Pretokenized }.Count(given => given) != 1)
        {
            yield return $"{section}codes, {section}sentencePiece, {section}pretokenized: set one of them. It says how "
                + "text becomes pieces of the dictionary: with merges of subword-nmt or fastBPE, with a model of "
                + "SentencePiece, or not at all because it comes cut already.";
        }

        if ((TargetCodes is not null && Codes is null) || (TargetSentencePiece is not null && SentencePiece is null))
        {
            yield return $"{section}targetCodes needs {section}codes, and {section}targetSentencePiece needs "
                + $"{section}sentencePiece: those of the source.";
        }
    }
}
