using TransformerClinic.Diagnosis.Findings;

namespace TransformerClinic.Reports;

/// <summary>
/// Everything the page of a comparison shows: the same task, trained with several variants and seeds.
/// </summary>
public sealed record ComparisonReport
{
    /// <summary>Name of the comparison.</summary>
    public required string Title { get; init; }

    /// <summary>Every run, failed ones too; variants keep the order of their first run.</summary>
    public required IReadOnlyList<ReportedRun> Runs { get; init; }

    /// <summary>
    /// Entropy of the target side's unigram distribution, in nats per token; null if it was not measured.
    /// </summary>
    public double? UnigramLoss { get; init; }

    /// <summary>Machine and versions, one fact a line.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>The recipe the runs share.</summary>
    public string RecipeYaml { get; init; } = "";

    /// <summary>Commands that made this comparison, in order.</summary>
    public IReadOnlyList<string> Commands { get; init; } = [];
}

/// <summary>One run of a comparison.</summary>
public sealed record ReportedRun
{
    /// <summary>
    /// What the run varies, such as <c>Admin</c> or <c>Post-LN</c>; runs of the same name differ in their seed.
    /// </summary>
    public required string Variant { get; init; }

    /// <summary>Seed of parameters, order of data and dropout.</summary>
    public required long Seed { get; init; }

    /// <summary>
    /// Final negative log-likelihood of the validation set, in nats per target token; null if there is none.
    /// </summary>
    public double? ValidNll { get; init; }

    /// <summary><c>exp(ValidNll)</c></summary>
    public double? ValidPerplexity => ValidNll is { } nll ? Math.Exp(nll) : null;

    /// <summary>Corpus BLEU of the test set, 0 to 100; null if none was translated.</summary>
    public double? Bleu { get; init; }

    /// <summary>The score's sacreBLEU-style signature.</summary>
    public string BleuSignature { get; init; } = "";

    /// <summary>Updates made.</summary>
    public required long Updates { get; init; }

    /// <summary>Target tokens trained on.</summary>
    public required long TargetTokens { get; init; }

    /// <summary>Seconds of training.</summary>
    public required double TrainingSeconds { get; init; }

    /// <summary>Why the run failed to train (diverged, stuck, not finite); null if it trained.</summary>
    public string? FailedBecause { get; init; }

    /// <summary>How the loss went.</summary>
    public LearningCurve Curve { get; init; } = new();
}
