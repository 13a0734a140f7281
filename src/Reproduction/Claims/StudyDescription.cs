namespace TransformerClinic.Reproduction.Claims;

/// <summary>How much time a study may take.</summary>
public enum StudyBudget
{
    /// <summary>At most ten minutes on two cores.</summary>
    Minutes,

    /// <summary>Hours: wider models, more seeds, longer training.</summary>
    Hours,
}

/// <summary>What a study tests and how it judges, all of it stated before the study runs.</summary>
public sealed record StudyDescription
{
    /// <summary>Its name on the command line, such as <c>fig4</c>; the names of its files start with it.</summary>
    public required string Id { get; init; }

    /// <summary>What it is about, in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>Where the claim is made, such as <c>Liu et al. 2020, figure 4</c>.</summary>
    public required string Place { get; init; }

    /// <summary>The claim in one sentence that can be wrong.</summary>
    public required string Claim { get; init; }

    /// <summary>When the claim holds and when it does not, with all thresholds.</summary>
    public required string Criterion { get; init; }

    /// <summary>What the paper shows, with its numbers if they are known.</summary>
    public required string Paper { get; init; }

    /// <summary>Approximate number of minutes it takes on two cores with <see cref="StudyBudget.Minutes"/>.</summary>
    public required double Minutes { get; init; }

    /// <summary>Approximate number of hours it takes on two cores with <see cref="StudyBudget.Hours"/>.</summary>
    public required double Hours { get; init; }
}
