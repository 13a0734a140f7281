using TransformerClinic.Pages.Elements;

namespace TransformerClinic.Pages.Reports;

/// <summary>What the page of a diagnosis shows.</summary>
public sealed record DiagnosisView
{
    /// <summary>Name of the model.</summary>
    public required string Name { get; init; }

    /// <summary>What was examined: an untrained model and its seeds, or a trained one.</summary>
    public required string Examined { get; init; }

    /// <summary>What is unstable.</summary>
    public required VerdictView Verdict { get; init; }

    /// <summary>The evidence.</summary>
    public required IReadOnlyList<FigureView> Evidence { get; init; }

    /// <summary>What happens along the depth of each stack.</summary>
    public required TableView Depth { get; init; }

    /// <summary>Gradients and updates of groups of parameters.</summary>
    public required TableView Groups { get; init; }
}
