using System.Text.Json.Serialization;
using TransformerClinic.Files;

namespace TransformerClinic.Runs.Certificates;

/// <summary>A model compared with its export, both in float32 unless the export is in int8.</summary>
/// <param name="Client">Who computed the export, such as <c>ONNX Runtime 1.31.1</c>.</param>
/// <param name="Logits">The logits at all target tokens of some batches.</param>
/// <param name="Translations">The translations of all sentences by greedy search.</param>
/// <param name="Bleu">BLEU of both; null without references.</param>
internal sealed record ExportComparison(
    string Client,
    ExportedLogits Logits,
    ExportedTranslations Translations,
    ExportedBleu? Bleu
);

/// <summary>The logits of a model and of its export, at all target tokens of some batches.</summary>
/// <param name="Batches">Batches.</param>
/// <param name="Sentences">Sentence pairs in them.</param>
/// <param name="Tokens">Target tokens, each of which has a logit for every piece of the vocabulary.</param>
/// <param name="Difference">How far they are apart.</param>
internal sealed record ExportedLogits(int Batches, int Sentences, int Tokens, LogitDifference Difference);

/// <summary>What greedy search makes of the same sentences with a model and with its export.</summary>
/// <param name="Sentences">Sentences translated; empty lines and those too long for the model are not counted.</param>
/// <param name="Identical">Those of which both give the same tokens.</param>
/// <param name="Tokens">Tokens of the original's translations.</param>
/// <param name="IdenticalTokens">Those before the first difference of their sentence.</param>
/// <param name="Differing">The sentences that differ; none are listed of an export in int8.</param>
internal sealed record ExportedTranslations(
    int Sentences,
    int Identical,
    int Tokens,
    int IdenticalTokens,
    IReadOnlyList<DifferingExport> Differing
);

/// <summary>A sentence that a model and its export translate differently.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Source">The sentence.</param>
/// <param name="Original">The original's translation.</param>
/// <param name="Exported">The export's.</param>
/// <param name="Token">The first token that differs, from 1.</param>
/// <param name="Gap">
/// How far the two tokens' logits are apart in the original, as a part of its largest logit at that place; infinite
/// where one translation continues after the end of the other.
/// </param>
internal sealed record DifferingExport(
    int Line,
    string Source,
    string Original,
    string Exported,
    int Token,
    [property: JsonConverter(typeof(AnyNumberConverter))] double Gap
)
{
    /// <summary>Whether the two tokens are so close that float32 may prefer either.</summary>
    public bool IsTie => Gap <= ExportCertificate.LogitTolerance;
}

/// <summary>BLEU of the translations by greedy search.</summary>
/// <param name="Original">Of the original.</param>
/// <param name="Exported">Of the export.</param>
/// <param name="Signature">What they were computed with.</param>
internal sealed record ExportedBleu(double Original, double Exported, string Signature);
