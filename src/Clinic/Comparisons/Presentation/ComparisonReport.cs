using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Runs;

namespace TransformerClinic.Comparisons.Presentation;

/// <summary>
/// Everything the page of a comparison shows: the same task, trained with several variants and seeds.
/// </summary>
internal sealed record ComparisonReport
{
    /// <summary>Name of the comparison.</summary>
    public required string Title { get; init; }

    /// <summary>Every run, failed ones too; variants keep the order of their first run.</summary>
    public required IReadOnlyList<ReportedRun> Runs { get; init; }

    /// <summary>The trainings of the search for learning rates, candidate by candidate.</summary>
    public IReadOnlyList<ComparedRun> Search { get; init; } = [];

    /// <summary>What the trainings share; null if it is not known.</summary>
    public ComparisonSetting? Setting { get; init; }

    /// <summary>Whether all trainings have ended.</summary>
    public bool Complete { get; init; } = true;

    /// <summary>The candidates, the best one first.</summary>
    public IReadOnlyList<RankedCandidate> Ranking =>
        Comparisons.Ranking.Of(
            [
                .. Runs.Select(run => run.Run.Candidate)
                    .Concat(Search.Select(run => run.Candidate))
                    .DistinctBy(candidate => candidate.Key),
            ],
            Search,
            [.. Runs.Select(run => run.Run)]
        );

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
    public string Variant => Run.Candidate.Name;

    /// <summary>Seed of parameters, order of data and dropout.</summary>
    public long Seed => Run.Seed;

    /// <summary>The numbers that it ended with.</summary>
    public RunResults Results => Run.Results;
}
