using TransformerClinic.Pages.Elements;

namespace TransformerClinic.Pages.Reports;

/// <summary>What the page of two systems' translations shows.</summary>
public sealed record OutputComparisonView
{
    /// <summary>Name of the first system, the baseline.</summary>
    public required string First { get; init; }

    /// <summary>Name of the second system.</summary>
    public required string Second { get; init; }

    /// <summary>How many sentences both translated.</summary>
    public required string Sentences { get; init; }

    /// <summary>Whether the second is better, and how sure that is.</summary>
    public required VerdictView Verdict { get; init; }

    /// <summary>The scores of whole texts.</summary>
    public required TableView Scores { get; init; }

    /// <summary>How they were computed: a metric's name and its signature.</summary>
    public IReadOnlyList<(string Metric, string Text)> Signatures { get; init; } = [];

    /// <summary>Scores by length of sentence; empty if all are in one group.</summary>
    public IReadOnlyList<FigureView> LengthFigures { get; init; } = [];

    /// <summary>The same in numbers.</summary>
    public required TableView Lengths { get; init; }

    /// <summary>Words by frequency; empty if all are in one group.</summary>
    public IReadOnlyList<FigureView> FrequencyFigures { get; init; } = [];

    /// <summary>The same in numbers.</summary>
    public required TableView Frequencies { get; init; }

    /// <summary>The sentences that gain most.</summary>
    public IReadOnlyList<SampleView> Gains { get; init; } = [];

    /// <summary>The sentences that lose most.</summary>
    public IReadOnlyList<SampleView> Losses { get; init; } = [];
}
