using TransformerClinic.Recipes;
using TransformerClinic.Reproduction.Claims;

namespace TransformerClinic.Reproduction.Results;

/// <summary>A figure of a study: <c>Name.svg</c>, <c>Name.png</c>, <c>Name.csv</c>.</summary>
/// <param name="Name">The files' name without extension.</param>
/// <param name="Title">What is shown.</param>
/// <param name="Reading">What to look for.</param>
public sealed record StudyFigure(string Name, string Title, string Reading);

/// <summary>A study that was run, as stored in its file; the document of all studies is made only from these.</summary>
public sealed record StudyResult
{
    /// <summary>Claim and criterion, as stated before the run.</summary>
    public required StudyDescription Study { get; init; }

    /// <summary>The budget of the run.</summary>
    public required StudyBudget Budget { get; init; }

    /// <summary>What it says about the claim.</summary>
    public required ClaimVerdict Verdict { get; init; }

    /// <summary>What was found, in one or two sentences.</summary>
    public required string Summary { get; init; }

    /// <summary>The conditions of the criterion with the measurements.</summary>
    public required IReadOnlyList<Condition> Conditions { get; init; }

    /// <summary>The paper's numbers next to ours.</summary>
    public required IReadOnlyList<ComparedValue> Values { get; init; }

    /// <summary>How ours differs from the paper's setting, and what was tried; may be empty.</summary>
    public required string Remarks { get; init; }

    /// <summary>All seeds.</summary>
    public required IReadOnlyList<long> Seeds { get; init; }

    /// <summary>Sizes, rates and counts.</summary>
    public required IReadOnlyList<StudySetting> Settings { get; init; }

    /// <summary>Its figures.</summary>
    public required IReadOnlyList<StudyFigure> Figures { get; init; }

    /// <summary>Names of its CSV files, in addition to those of the figures.</summary>
    public required IReadOnlyList<string> Tables { get; init; }

    /// <summary>Seconds that it took, including trainings that an earlier run had stored.</summary>
    public required double Seconds { get; init; }

    /// <summary>What it ran on, in words.</summary>
    public required string Machine { get; init; }

    /// <summary>The command that runs it again.</summary>
    public string Command => $"clinic reproduce {Study.Id} --budget {RecipeKey.Format(Budget)}";
}
