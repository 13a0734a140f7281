using System.ComponentModel.DataAnnotations;

namespace TransformerClinic.Distribution;

/// <summary>How several processes train one model together; no result depends on it.</summary>
public sealed record DistributedOptions
{
    /// <summary>
    /// Minutes that processes wait for each other before they end with a message that names who is missing.
    /// </summary>
    [Range(0.01, 1e6)]
    public double Patience { get; init; } = 10;
}
