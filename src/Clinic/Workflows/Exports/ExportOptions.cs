using System.ComponentModel.DataAnnotations;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Interop.HuggingFace;

namespace TransformerClinic.Workflows.Exports;

/// <summary>What models can be exported to.</summary>
internal enum ExportTarget
{
    /// <summary>ONNX graphs in the layout of transformers.js, with the tokenizer.</summary>
    Onnx,

    /// <summary>A folder for Hugging Face's <c>transformers</c> and transformers.js.</summary>
    Hf,

    /// <summary>A folder for CTranslate2.</summary>
    Ctranslate2,

    /// <summary>A checkpoint and dictionaries for fairseq.</summary>
    Fairseq,

    /// <summary>The subwords as a SentencePiece model.</summary>
    Sentencepiece,
}

/// <summary>What to export, where to, and what to compare it on.</summary>
internal sealed record ExportOptions : IOptionRules
{
    /// <summary>What to export to.</summary>
    public required ExportTarget Target { get; init; }

    /// <summary>A model folder, a run folder, or a checkpoint of a run.</summary>
    public required string Model { get; init; }

    /// <summary>The folder to write: a new one, an empty one, or one that an earlier export wrote.</summary>
    public required string Output { get; init; }

    /// <summary>
    /// Sentence pairs to compare the export with the original on, as full paths; null for the run's own test set.
    /// </summary>
    public ParallelFiles? Check { get; init; }

    /// <summary>
    /// Whether matrices are int8: in graphs next to those in float32, or for CTranslate2 in their place.
    /// </summary>
    public bool Int8 { get; init; }

    /// <summary>The class of <c>transformers</c>; null for the one that the model's variant fits.</summary>
    public HuggingFaceClass? Class { get; init; }

    /// <summary>Batches over which logits are compared.</summary>
    [Range(1, 1_000_000)]
    public int Batches { get; init; } = 8;

    /// <summary>Worker threads; 0 takes one per core.</summary>
    [Range(0, 4096)]
    public int Threads { get; init; }

    /// <inheritdoc/>
    IEnumerable<string> IOptionRules.BrokenRules(string section)
    {
        if (Class is not null && Target != ExportTarget.Hf)
        {
            yield return $"{section}class: only an export to hf has a class.";
        }

        if (Int8 && Target is (ExportTarget.Fairseq or ExportTarget.Sentencepiece))
        {
            yield return $"{section}int8: an export to {OptionKey.Format(Target)} has no matrices in int8.";
        }
    }
}
