using TransformerClinic.Decoding;

namespace TransformerClinic.Runs.Certificates;

/// <summary>A sentence that two models translate differently in float32.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Source">The sentence.</param>
/// <param name="Original">The original's translation.</param>
/// <param name="OriginalScore">Its score.</param>
/// <param name="Folded">The folded model's.</param>
/// <param name="FoldedScore">Its score.</param>
/// <param name="SameInFloat64">
/// Whether both give the same subwords when they compute in float64, the fold not rounded: then float32 broke a tie of
/// the search in two ways, and the models do not differ.
/// </param>
internal sealed record DifferingTranslation(
    int Line,
    string Source,
    string Original,
    double OriginalScore,
    string Folded,
    double FoldedScore,
    bool SameInFloat64
);

/// <summary>
/// What beam search makes of the same sentences with a model and with its folded form, both in float32.
/// </summary>
/// <param name="Decoding">How was searched: the model's own options.</param>
/// <param name="Sentences">Sentences translated; empty lines and those too long for the model are not counted.</param>
/// <param name="Identical">Those of which both models give the same subwords.</param>
/// <param name="Differing">The others.</param>
internal sealed record TranslationComparison(
    DecodingOptions Decoding,
    int Sentences,
    int Identical,
    IReadOnlyList<DifferingTranslation> Differing
);
