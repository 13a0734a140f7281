using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using TransformerClinic.Runs;

namespace TransformerClinic.Reports;

/// <summary>
/// Everything the page of a comparison shows: the same task, trained with several variants and seeds.
/// </summary>
internal sealed record ComparisonReport
{
    /// <summary>Name of the comparison.</summary>
    public required string Title { get; init; }

    /// <summary>Every run, failed ones too; variants keep the order of their first run.</summary>
    public required IReadOnlyList<ReportedRun> Runs { get; init; }

    /// <summary>
    /// Entropy of the target side's unigram distribution, in nats per token; null without a run.
    /// </summary>
    public double? UnigramLoss => Runs.Count > 0 ? Runs[0].Results.UnigramNll : null;

    /// <summary>Machine and versions, one fact per line.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>The recipe the runs share.</summary>
    public string RecipeYaml { get; init; } = "";

    /// <summary>Commands that made this comparison, in order.</summary>
    public IReadOnlyList<string> Commands { get; init; } = [];
}

/// <summary>One run of a comparison with the learning curve of its log.</summary>
/// <param name="Run">What it varied, and its results.</param>
/// <param name="Curve">How the loss went.</param>
internal sealed record ReportedRun(ComparedRun Run, LearningCurve Curve)
{
    /// <summary>
    /// What the run varies, such as <c>Admin</c> or <c>Post-LN</c>; runs of the same name differ in their seed.
    /// </summary>
    public string Variant => Run.Variant.Name();

    /// <summary>Seed of parameters, order of data and dropout.</summary>
    public long Seed => Run.Seed;

    /// <summary>The numbers that it ended with.</summary>
    public RunResults Results => Run.Results;
}
