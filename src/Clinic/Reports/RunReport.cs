using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using TransformerClinic.Runs;
using TransformerClinic.Training.Statistics;

namespace TransformerClinic.Reports;

/// <summary>
/// Everything the page of one run shows. What a run did not measure stays empty, and the page says so.
/// </summary>
public sealed record RunReport
{
    /// <summary>Name of the recipe.</summary>
    public required string Title { get; init; }

    /// <summary>The trained model that the run began from; null for initial weights.</summary>
    public BaseModelRecord? From { get; init; }

    /// <summary>The encoder's depth and variant.</summary>
    public required StackOptions Encoder { get; init; }

    /// <summary>The decoder's depth and variant.</summary>
    public required StackOptions Decoder { get; init; }

    /// <summary>The numbers the run ended with.</summary>
    public required ReportedResults Results { get; init; }

    /// <summary>How the loss went.</summary>
    public LearningCurve Curve { get; init; } = new();

    /// <summary>
    /// Entropy of the target side's unigram distribution, in nats per token: the lowest loss of a model that knows how
    /// frequent each subword is and nothing else. Null if it was not measured.
    /// </summary>
    public double? UnigramLoss { get; init; }

    /// <summary>What the guard against divergence ended training for; null if it did not.</summary>
    public string? EndedBecause { get; init; }

    /// <summary>Why training ended, in words that follow "because"; empty if that is not known.</summary>
    public string Ended { get; init; } = "";

    /// <summary>What the last measured update did to each sublayer; null if none was measured.</summary>
    public MeasuredSublayers? Sublayers { get; init; }

    /// <summary>What examinations during training found, in order of updates; empty if there were none.</summary>
    public IReadOnlyList<DiagnosedUpdate> Diagnoses { get; init; } = [];

    /// <summary>Source language, such as <c>de</c>; empty if unknown.</summary>
    public string SourceLanguage { get; init; } = "";

    /// <summary>Target language, such as <c>en</c>; empty if unknown.</summary>
    public string TargetLanguage { get; init; } = "";

    /// <summary>Omegas of every Admin sublayer in forward order; empty for other variants.</summary>
    public IReadOnlyList<SublayerOmega> Omegas { get; init; } = [];

    /// <summary>How the omegas were profiled; null for other variants.</summary>
    public ProfilingProvenance? Profiling { get; init; }

    /// <summary>Sentences of the test set with the model's translations.</summary>
    public IReadOnlyList<SampleTranslation> Samples { get; init; } = [];

    /// <summary>What each set of the corpus kept and dropped.</summary>
    public IReadOnlyList<SetLedger> Data { get; init; } = [];

    /// <summary>Machine and versions, one fact a line.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>The resolved recipe.</summary>
    public string RecipeYaml { get; init; } = "";

    /// <summary>Commands that made this run, in order.</summary>
    public IReadOnlyList<string> Commands { get; init; } = [];
}

/// <summary>What one update did to each sublayer.</summary>
/// <param name="Step">The update.</param>
/// <param name="Sublayers">The sublayers in forward order.</param>
public sealed record MeasuredSublayers(long Step, IReadOnlyList<SublayerStatistics> Sublayers);

/// <summary>What an examination during training found.</summary>
/// <param name="Step">Updates made.</param>
/// <param name="Stacks">The encoder and the decoder.</param>
public sealed record DiagnosedUpdate(long Step, IReadOnlyList<StackDiagnosis> Stacks);

/// <summary>One sentence of the test set.</summary>
/// <param name="Source">The source sentence.</param>
/// <param name="Reference">The human translation.</param>
/// <param name="Translation">The model's translation.</param>
public sealed record SampleTranslation(string Source, string Reference, string Translation);

/// <summary>What one set of the corpus kept and dropped, in sentence pairs.</summary>
/// <param name="Set">Name of the set: train, valid or test.</param>
/// <param name="Kept">Pairs in use.</param>
/// <param name="DroppedByReason">Pairs left out, counted by the reason.</param>
public sealed record SetLedger(string Set, long Kept, IReadOnlyDictionary<string, long> DroppedByReason)
{
    /// <summary>Pairs that were kept, but not translated, by reason; they are scored as empty.</summary>
    public IReadOnlyDictionary<string, long> UntranslatedByReason { get; init; } =
        new Dictionary<string, long>(StringComparer.Ordinal);
}
