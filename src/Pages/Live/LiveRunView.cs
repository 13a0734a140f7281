using TransformerClinic.Pages.Dashboard;
using TransformerClinic.Pages.Elements;

namespace TransformerClinic.Pages.Live;

/// <summary>The page of a run that may be at work.</summary>
/// <param name="Name">Name of the run.</param>
public sealed record LiveRunView(string Name)
{
    /// <summary>What it trains: languages, variants, layers.</summary>
    public required string Kind { get; init; }

    /// <summary>How it stands.</summary>
    public required VerdictView Verdict { get; init; }

    /// <summary>Its numbers by now.</summary>
    public required IReadOnlyList<TileView> Numbers { get; init; }

    /// <summary>Its curves.</summary>
    public required IReadOnlyList<LiveChartView> Charts { get; init; }

    /// <summary>What the guard against divergence encountered; null for nothing.</summary>
    public TableView? Incidents { get; init; }

    /// <summary>How sentences were translated.</summary>
    public IReadOnlyList<SampleView> Translations { get; init; } = [];

    /// <summary>What the translations are of, and by which model.</summary>
    public string TranslationsNote { get; init; } = "";

    /// <summary>Where to look on.</summary>
    public IReadOnlyList<NavigationLink> Links { get; init; } = [];
}
