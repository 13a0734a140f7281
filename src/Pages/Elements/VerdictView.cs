namespace TransformerClinic.Pages.Elements;

/// <summary>What numbers say.</summary>
/// <param name="Headline">In one sentence.</param>
public sealed record VerdictView(string Headline)
{
    /// <summary>In a word or two; empty for none.</summary>
    public string Word { get; init; } = "";

    /// <summary>How good that is.</summary>
    public Mood Mood { get; init; }

    /// <summary>What else a reader should know, a sentence each.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];
}
