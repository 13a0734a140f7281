using TransformerClinic.Pages.Elements;

namespace TransformerClinic.Pages.Reports;

/// <summary>What the page of a comparison shows. What is empty is not shown.</summary>
public sealed record ComparisonView
{
    /// <summary>Name of the comparison.</summary>
    public required string Title { get; init; }

    /// <summary>How many variants, in words.</summary>
    public required string Variants { get; init; }

    /// <summary>How many runs, in words.</summary>
    public required string RunCount { get; init; }

    /// <summary>What the numbers say.</summary>
    public required VerdictView Verdict { get; init; }

    /// <summary>Every variant with its quality and cost, the best one first; null if there is none.</summary>
    public TableView? Ranking { get; init; }

    /// <summary>What to choose when; null if nothing can be said.</summary>
    public TableView? Choices { get; init; }

    /// <summary>The search for each variant's learning rate; null if there was none.</summary>
    public TableView? Search { get; init; }

    /// <summary>What was diagnosed before and after training; null if nothing was.</summary>
    public TableView? Diagnoses { get; init; }

    /// <summary>The trainings that failed, with the reasons; null if none did.</summary>
    public TableView? Failures { get; init; }

    /// <summary>Figures of losses and scores.</summary>
    public IReadOnlyList<FigureView> Figures { get; init; } = [];

    /// <summary>Every run; null if there is none.</summary>
    public TableView? Runs { get; init; }

    /// <summary>How BLEU was computed: one if all runs were scored alike.</summary>
    public IReadOnlyList<string> BleuSignatures { get; init; } = [];

    /// <summary>How to make it again.</summary>
    public ReproductionView Again { get; init; } = new();
}
