namespace TransformerClinic.Comparisons.Recommendations;

/// <summary>Which remedy runs support for a situation, and which claims none supports.</summary>
internal sealed record Recommendation
{
    /// <summary>What a remedy is wanted for.</summary>
    public required TrainingSituation Situation { get; init; }

    /// <summary>The remedy, such as <c>pre-ln</c>; null if no run supports one.</summary>
    public string? Remedy { get; init; }

    /// <summary>The keys of a recipe that choose it, as <c>key=value</c>.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>In a sentence.</summary>
    public required string Headline { get; init; }

    /// <summary>What the runs show, a sentence each.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];

    /// <summary>What they do not show, a sentence each.</summary>
    public IReadOnlyList<string> Unsupported { get; init; } = [];

    /// <summary>The comparisons that it rests on, the nearest first.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];
}
