using System.ComponentModel.DataAnnotations;

namespace TransformerClinic.Workflows.Diagnoses;

/// <summary>What to examine and how thoroughly.</summary>
public sealed record DiagnosisOptions
{
    /// <summary>A recipe (a file), or a model folder, a run folder or a checkpoint of a run.</summary>
    public required string Subject { get; init; }

    /// <summary>Overrides of the recipe's keys, as <c>key=value</c>.</summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    /// <summary>The folder that data, figures and page are written to.</summary>
    public required string Output { get; init; }

    /// <summary>Seeds of the initial weights of a recipe; null for three from the recipe's own on.</summary>
    public IReadOnlyList<long>? Seeds { get; init; }

    /// <summary>Random perturbations of each model.</summary>
    [Range(1, 1000)]
    public int Perturbations { get; init; } = 4;

    /// <summary>Updates of a recipe that are made to look at its first steps; 0 makes none.</summary>
    [Range(0, 100_000)]
    public int Updates { get; init; } = 20;

    /// <summary>Updates between two measurements of these.</summary>
    [Range(1, 100_000)]
    public int Every { get; init; } = 1;
}
