using System.Text.Json.Serialization;
using TransformerClinic.Model;
using TransformerClinic.Residuals;

namespace TransformerClinic.Folding;

/// <summary>Where the scale of a stack's first connection went, which no normalization precedes.</summary>
internal enum FirstScale
{
    /// <summary>It was 1: nothing was to be done.</summary>
    One,

    /// <summary>Into the scale of the stack's input.</summary>
    InputScale,
}

/// <summary>What was folded in one stack.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Variant">The variant that it had.</param>
/// <param name="Connections">Residual connections.</param>
/// <param name="SmallestShortcutScale">
/// Smallest absolute scale of a shortcut, over all connections and channels.
/// </param>
/// <param name="LargestShortcutScale">The largest.</param>
/// <param name="SmallestBranchScale">Smallest absolute scale of a branch.</param>
/// <param name="LargestBranchScale">The largest.</param>
/// <param name="First">Where the first connection's scale went.</param>
internal sealed record StackFolding(
    StackName Stack,
    ResidualVariant Variant,
    int Connections,
    double SmallestShortcutScale,
    double LargestShortcutScale,
    double SmallestBranchScale,
    double LargestBranchScale,
    FirstScale First
)
{
    /// <summary>The name of the program's own variant that it had; null where it had a named one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Design { get; init; }
}
