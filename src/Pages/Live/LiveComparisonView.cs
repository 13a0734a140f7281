using TransformerClinic.Pages.Dashboard;
using TransformerClinic.Pages.Elements;

namespace TransformerClinic.Pages.Live;

/// <summary>The page of several runs next to each other.</summary>
/// <param name="Summary">Which ones, in words.</param>
public sealed record LiveComparisonView(string Summary)
{
    /// <summary>A row for each run.</summary>
    public TableView? Runs { get; init; }

    /// <summary>Their curves, a line for each run.</summary>
    public IReadOnlyList<LiveChartView> Charts { get; init; } = [];

    /// <summary>In what their recipes differ.</summary>
    public RecipeDifferencesView? Differences { get; init; }

    /// <summary>Sentences as each run translates them.</summary>
    public IReadOnlyList<SampleView> Translations { get; init; } = [];

    /// <summary>What the translations are of.</summary>
    public string TranslationsNote { get; init; } = "";

    /// <summary>All runs, to choose others.</summary>
    public required RunTableView Choice { get; init; }
}
