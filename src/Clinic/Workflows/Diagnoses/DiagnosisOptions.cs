using System.ComponentModel.DataAnnotations;
using TransformerClinic.Common;

namespace TransformerClinic.Workflows.Diagnoses;

/// <summary>What to examine and how thoroughly.</summary>
public sealed record DiagnosisOptions : IOptionRules
{
    /// <summary>A recipe (a file), or a model folder, a run folder or a checkpoint of a run.</summary>
    public required string Subject { get; init; }

    /// <summary>Overrides of the recipe's keys, as <c>key=value</c>.</summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    /// <summary>What messages call an override, such as the option of a command that it comes from.</summary>
    public string OverrideOrigin { get; init; } = "override";

    /// <summary>The folder that data, figures and page are written to.</summary>
    public required string Output { get; init; }

    /// <summary>
    /// Seeds of the initial weights of a recipe; null for three, of which the recipe's own is the first.
    /// </summary>
    public IReadOnlyList<long>? Seeds { get; init; }

    /// <summary>
    /// Where the models compute; null for the recipe's device, and for the processor if the model is trained.
    /// </summary>
    public DeviceName? Device { get; init; }

    /// <summary>Random perturbations of each model.</summary>
    [Range(1, 1000)]
    public int Perturbations { get; init; } = 4;

    /// <summary>Updates of a recipe that run to examine its first steps; 0 runs none.</summary>
    [Range(0, 100_000)]
    public int Updates { get; init; } = 20;

    /// <summary>Of these updates, how many are between two measurements.</summary>
    [Range(1, 100_000)]
    public int Every { get; init; } = 1;

    /// <inheritdoc/>
    IEnumerable<string> IOptionRules.BrokenRules(string section)
    {
        if (Seeds is { Count: 0 })
        {
            yield return $"{section}seeds is empty: name one seed or more, or leave it out.";
        }
    }
}
