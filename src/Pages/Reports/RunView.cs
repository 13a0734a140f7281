using TransformerClinic.Pages.Elements;

namespace TransformerClinic.Pages.Reports;

/// <summary>What the page of one run shows. What is empty is not shown.</summary>
public sealed record RunView
{
    /// <summary>Name of the run.</summary>
    public required string Name { get; init; }

    /// <summary>From which language into which; empty if they have no names.</summary>
    public string Languages { get; init; } = "";

    /// <summary>What its numbers say.</summary>
    public required VerdictView Verdict { get; init; }

    /// <summary>The numbers it ended with.</summary>
    public required IReadOnlyList<TileView> Numbers { get; init; }

    /// <summary>How BLEU was computed; null without BLEU.</summary>
    public string? BleuSignature { get; init; }

    /// <summary>Figures over updates: losses, gradient norm, learning rate, speed.</summary>
    public IReadOnlyList<FigureView> Learning { get; init; } = [];

    /// <summary>Figures over sublayers.</summary>
    public IReadOnlyList<FigureView> Sublayers { get; init; } = [];

    /// <summary>Figures of the examinations during training.</summary>
    public IReadOnlyList<FigureView> Diagnoses { get; init; } = [];

    /// <summary>Figures of the omegas.</summary>
    public IReadOnlyList<FigureView> Omegas { get; init; } = [];

    /// <summary>How the omegas were profiled; null for other variants.</summary>
    public ProfileView? Profile { get; init; }

    /// <summary>Sentences of the test set with the model's translations.</summary>
    public IReadOnlyList<SampleView> Samples { get; init; } = [];

    /// <summary>What each set of the corpus kept and dropped; null if it is not known.</summary>
    public TableView? Corpus { get; init; }

    /// <summary>How to make it again.</summary>
    public ReproductionView Again { get; init; } = new();
}

/// <summary>How omegas were profiled.</summary>
/// <param name="Base">The model that the run began from; empty for initial weights.</param>
/// <param name="Tokens">How many tokens the batch had.</param>
/// <param name="BatchHash">The batch's hash.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Dropout">Whether dropout was on.</param>
/// <param name="CountsPadding">Whether positions of padding counted.</param>
public sealed record ProfileView(
    string Base,
    string Tokens,
    string BatchHash,
    string Seed,
    bool Dropout,
    bool CountsPadding
);
