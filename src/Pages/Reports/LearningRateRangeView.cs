using TransformerClinic.Pages.Elements;

namespace TransformerClinic.Pages.Reports;

/// <summary>What the page of a ramp of the learning rate shows.</summary>
public sealed record LearningRateRangeView
{
    /// <summary>Name of the recipe.</summary>
    public required string Name { get; init; }

    /// <summary>Which rate it tolerates, and which is proposed.</summary>
    public required VerdictView Verdict { get; init; }

    /// <summary>The loss over the rate.</summary>
    public required IReadOnlyList<FigureView> Curve { get; init; }

    /// <summary>The rates, seed by seed.</summary>
    public required TableView Rates { get; init; }
}
