using TransformerClinic.Diagnosis;

namespace TransformerClinic.Bench.Decoding;

/// <summary>Speed of one variant in one case.</summary>
/// <param name="Variant">How to decode.</param>
/// <param name="Batch">Sentences at a time.</param>
/// <param name="Beam">Hypotheses of each.</param>
/// <param name="Workers">Threads that divide a batch.</param>
/// <param name="SentencesPerSecond">By the clock, the median of the rounds.</param>
/// <param name="OverPlain">Speed as a multiple of the plain variant's on one thread, the median of the rounds.</param>
/// <param name="OverPlainByProcessorTime">
/// The same by the process's processor time, which other processes disturb less.
/// </param>
internal sealed record DecodingSpeed(
    string Variant,
    int Batch,
    int Beam,
    int Workers,
    double SentencesPerSecond,
    double OverPlain,
    double OverPlainByProcessorTime
);

/// <summary>Seconds of processor time per sentence, over its length.</summary>
/// <param name="Variant">How to decode.</param>
/// <param name="Lengths">Tokens of the source, and of the output.</param>
/// <param name="Seconds">The median at each length.</param>
/// <param name="Line">The line through them.</param>
internal sealed record LengthGrowth(
    string Variant,
    IReadOnlyList<int> Lengths,
    IReadOnlyList<double> Seconds,
    GrowthLine Line
);

/// <summary>A variant's translations of a test set.</summary>
/// <param name="Variant">How to decode.</param>
/// <param name="Beam">Hypotheses of each sentence.</param>
/// <param name="Bleu">BLEU of the translations.</param>
/// <param name="Same">Translations that have the plain variant's tokens.</param>
/// <param name="Sentences">Translations.</param>
internal sealed record TestSetScore(string Variant, int Beam, double Bleu, int Same, int Sentences);

/// <summary>What was measured.</summary>
/// <param name="Model">The model's shape in words.</param>
/// <param name="Rounds">Number of rounds for medians.</param>
/// <param name="Speeds">Speeds.</param>
/// <param name="Growth">Growth with length.</param>
/// <param name="Scores">Scores on a test set; none without one.</param>
/// <param name="Signature">BLEU's signature; null without a test set.</param>
internal sealed record DecodingReport(
    string Model,
    int Rounds,
    IReadOnlyList<DecodingSpeed> Speeds,
    IReadOnlyList<LengthGrowth> Growth,
    IReadOnlyList<TestSetScore> Scores,
    string? Signature
);
