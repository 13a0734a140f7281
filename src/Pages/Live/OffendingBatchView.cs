using TransformerClinic.Pages.Elements;

namespace TransformerClinic.Pages.Live;

/// <summary>The page of a batch that triggered the guard against divergence.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Run">The run, with the address of its page.</param>
public sealed record OffendingBatchView(string Name, NavigationLink Run)
{
    /// <summary>What was found and done.</summary>
    public required VerdictView Verdict { get; init; }

    /// <summary>Its numbers.</summary>
    public required IReadOnlyList<TileView> Numbers { get; init; }

    /// <summary>Its pairs.</summary>
    public required TableView Pairs { get; init; }
}
