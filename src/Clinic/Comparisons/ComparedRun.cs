using System.Text.Json.Serialization;
using TransformerClinic.Runs;

namespace TransformerClinic.Comparisons;

/// <summary>One training of a comparison and its results, as <c>compared.json</c> of its run folder holds it.</summary>
internal sealed record ComparedRun
{
    /// <summary>The file in its run folder.</summary>
    public const string FileName = "compared.json";

    /// <summary>What was trained.</summary>
    public required Candidate Candidate { get; init; }

    /// <summary>The highest learning rate of its schedule.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The seed.</summary>
    public required long Seed { get; init; }

    /// <summary>
    /// The run folder inside that of the comparison; null for a run that was copied from elsewhere.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>The results of the run.</summary>
    public required RunResults Results { get; init; }

    /// <summary>
    /// The largest working set of the process after an update, in MiB; null if it was not measured. It includes what
    /// the process could not give back after trainings before.
    /// </summary>
    public double? MemoryMiB { get; init; }

    /// <summary>What was diagnosed, of a candidate's first seed; null for other runs.</summary>
    public CandidateDiagnosis? Diagnosis { get; init; }

    /// <summary>SHA-256 of the recipe, which decides whether the training is the one that is planned.</summary>
    public string? RecipeHash { get; init; }

    /// <summary>Seconds per update, validations included; null without an update.</summary>
    [JsonIgnore]
    public double? SecondsPerUpdate => Results.Updates > 0 ? Results.Seconds / Results.Updates : null;
}
