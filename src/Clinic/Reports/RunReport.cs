using TransformerClinic.Data;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Recipes;
using TransformerClinic.Runs;
using TransformerClinic.Training.Profiling;

namespace TransformerClinic.Reports;

/// <summary>
/// Everything the page of one run shows. What a run did not measure stays empty, and the page says so.
/// </summary>
internal sealed record RunReport
{
    /// <summary>The recipe.</summary>
    public required Recipe Recipe { get; init; }

    /// <summary>The numbers the run ended with.</summary>
    public required RunResults Results { get; init; }

    /// <summary>What these numbers say.</summary>
    public required RunVerdict Verdict { get; init; }

    /// <summary>The trained model that the run began from; null for initial weights.</summary>
    public BaseModelRecord? From { get; init; }

    /// <summary>How the loss went.</summary>
    public LearningCurve Curve { get; init; } = new();

    /// <summary>
    /// The line of the log on what the last measured update did to each sublayer; null if none was measured.
    /// </summary>
    public LogEntry? Sublayers { get; init; }

    /// <summary>
    /// The lines of the log on examinations during training, in order of updates; empty if there were none.
    /// </summary>
    public IReadOnlyList<LogEntry> Diagnoses { get; init; } = [];

    /// <summary>Omegas of every Admin sublayer in forward order; empty for other variants.</summary>
    public IReadOnlyList<SublayerOmega> Omegas { get; init; } = [];

    /// <summary>How the omegas were profiled; null for other variants.</summary>
    public AdminProfile? Profile { get; init; }

    /// <summary>Sentences of the test set with the model's translations.</summary>
    public IReadOnlyList<SampleTranslation> Samples { get; init; } = [];

    /// <summary>What each set of the corpus kept and dropped.</summary>
    public IReadOnlyList<Ledger> Data { get; init; } = [];

    /// <summary>Machine and versions, one fact per line.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>The resolved recipe as it is written.</summary>
    public string RecipeYaml { get; init; } = "";

    /// <summary>Commands that made this run, in order.</summary>
    public IReadOnlyList<string> Commands { get; init; } = [];
}

/// <summary>One sentence of the test set.</summary>
/// <param name="Source">The source sentence.</param>
/// <param name="Reference">The human translation.</param>
/// <param name="Translation">The model's translation.</param>
internal sealed record SampleTranslation(string Source, string Reference, string Translation);
