using System.ComponentModel.DataAnnotations;
using TransformerClinic.Common;

namespace TransformerClinic.Comparisons;

/// <summary>What a comparison trains.</summary>
internal sealed record ComparisonOptions : IOptionRules
{
    /// <summary>What is compared.</summary>
    public required IReadOnlyList<Candidate> Candidates { get; init; }

    /// <summary>The seeds of each.</summary>
    public required IReadOnlyList<long> Seeds { get; init; }

    /// <summary>
    /// The learning rates that are tried with each candidate, the same for all; empty for only the recipe's.
    /// </summary>
    public IReadOnlyList<double> Rates { get; init; } = [];

    /// <summary>Target tokens of each training; null for as many as the recipe's own end allows.</summary>
    [Range(1, int.MaxValue)]
    public int? Tokens { get; init; }

    /// <summary>Target tokens of each training of the search for the rate; null for half of a training.</summary>
    [Range(1, int.MaxValue)]
    public int? SearchTokens { get; init; }

    /// <summary>Whether each candidate is diagnosed, before and after training.</summary>
    public bool Diagnoses { get; init; } = true;

    /// <inheritdoc/>
    IEnumerable<string> IOptionRules.BrokenRules(string section)
    {
        if (Candidates.Count == 0 || Seeds.Count == 0)
        {
            yield return "A comparison needs at least one variant and one seed.";
        }

        if (SearchTokens is not null && Rates.Count == 0)
        {
            yield return "Tokens of the search for the learning rate are set, but no rates to search among.";
        }
    }
}
