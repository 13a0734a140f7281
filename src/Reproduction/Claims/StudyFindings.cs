using TransformerClinic.Reports.Charts;

namespace TransformerClinic.Reproduction.Claims;

/// <summary>One of the paper's numbers next to ours.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Paper">The paper's, in words if it has no number.</param>
/// <param name="Ours">What was measured here.</param>
public sealed record ComparedValue(string Name, string Paper, string Ours);

/// <summary>A setting of a study: a size, a rate, a count.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
public sealed record StudySetting(string Name, string Value);

/// <summary>What a study measured, before it is stored.</summary>
/// <param name="Conditions">The conditions of the criterion with the measurements; they determine the verdict.</param>
/// <param name="Summary">What was found, in one or two sentences.</param>
/// <param name="Seeds">All seeds.</param>
/// <param name="Settings">Sizes, rates and counts.</param>
internal sealed record StudyFindings(
    IReadOnlyList<Condition> Conditions,
    string Summary,
    IReadOnlyList<long> Seeds,
    IReadOnlyList<StudySetting> Settings
)
{
    /// <summary>The paper's numbers next to ours.</summary>
    public IReadOnlyList<ComparedValue> Values { get; init; } = [];

    /// <summary>Figures; each name starts with the study's, and the data are written next to the figure.</summary>
    public IReadOnlyList<Drawing> Drawings { get; init; } = [];

    /// <summary>Numbers that are not in any figure.</summary>
    public IReadOnlyList<StudyTable> Tables { get; init; } = [];

    /// <summary>
    /// How ours differs from the paper's setting, and what was tried if the claim does not hold; empty if there is
    /// nothing to say.
    /// </summary>
    public string Remarks { get; init; } = "";
}
