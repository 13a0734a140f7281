using TransformerClinic.Pages.Elements;

namespace TransformerClinic.Pages.Dashboard;

/// <summary>A run in a box.</summary>
/// <param name="Id">Unique in the page.</param>
/// <param name="Name">Name of the run.</param>
public sealed record RunSummaryView(string Id, string Name)
{
    /// <summary>The run's own page; empty for none.</summary>
    public string Address { get; init; } = "";

    /// <summary>What it trains: languages, variant, depth.</summary>
    public string Kind { get; init; } = "";

    /// <summary>How it stands.</summary>
    public required VerdictView Verdict { get; init; }

    /// <summary>Its numbers by now.</summary>
    public IReadOnlyList<TileView> Numbers { get; init; } = [];
}
