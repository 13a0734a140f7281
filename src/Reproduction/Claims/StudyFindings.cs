using TransformerClinic.Reports.Charts;

namespace TransformerClinic.Reproduction.Claims;

/// <summary>A number of the paper's beside ours.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Paper">The paper's, in words where it has no number.</param>
/// <param name="Ours">What was measured here.</param>
public sealed record ComparedValue(string Name, string Paper, string Ours);

/// <summary>A setting of a study: a size, a rate, a count.</summary>
/// <param name="Name">Which.</param>
/// <param name="Value">Its value.</param>
public sealed record StudySetting(string Name, string Value);

/// <summary>What a study measured, before it is stored.</summary>
/// <param name="Conditions">The conditions of the criterion with what was measured; they make the verdict.</param>
/// <param name="Summary">What was found, in a sentence or two.</param>
/// <param name="Seeds">All seeds.</param>
/// <param name="Settings">Sizes, rates and counts.</param>
internal sealed record StudyFindings(
    IReadOnlyList<Condition> Conditions,
    string Summary,
    IReadOnlyList<long> Seeds,
    IReadOnlyList<StudySetting> Settings
)
{
    /// <summary>The paper's numbers beside ours.</summary>
    public IReadOnlyList<ComparedValue> Values { get; init; } = [];

    /// <summary>Figures; each name begins with the study's, and its data are written beside it.</summary>
    public IReadOnlyList<Drawing> Drawings { get; init; } = [];

    /// <summary>Numbers that no figure holds.</summary>
    public IReadOnlyList<StudyTable> Tables { get; init; } = [];

    /// <summary>
    /// How ours differs from the paper's setting, and what was tried where the claim does not hold; empty if there is
    /// nothing to say.
    /// </summary>
    public string Remarks { get; init; } = "";
}
