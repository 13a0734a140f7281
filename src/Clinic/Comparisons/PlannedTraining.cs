using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Recipes;

namespace TransformerClinic.Comparisons;

/// <summary>One training of a comparison.</summary>
/// <param name="Candidate">What is trained.</param>
/// <param name="LearningRate">The highest learning rate of its schedule.</param>
/// <param name="Seed">The seed.</param>
/// <param name="IsSearch">Whether it only finds out how good the rate is.</param>
/// <param name="Recipe">The recipe.</param>
internal sealed record PlannedTraining(
    Candidate Candidate,
    double LearningRate,
    long Seed,
    bool IsSearch,
    Recipe Recipe
)
{
    /// <summary>
    /// The run folder inside that of the comparison, such as <c>post-ln-seed1</c>; with the rate in its name where that
    /// was searched for, since another search may find another.
    /// </summary>
    public required string Folder { get; init; }

    /// <summary>In words, for whoever looks on.</summary>
    public string Words =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Candidate.Key}, learning rate {OptionKey.Format(LearningRate)}, seed {Seed}"
        );
}
