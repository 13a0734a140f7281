using System.ComponentModel.DataAnnotations;

namespace TransformerClinic.Web;

/// <summary>What a client may ask for; all limits are on by default.</summary>
internal sealed record ServiceLimits
{
    /// <summary>Bytes of a request's body.</summary>
    [Range(1024, int.MaxValue)]
    public int BodyBytes { get; init; } = 1 << 20;

    /// <summary>Bytes of a document.</summary>
    [Range(1024, int.MaxValue)]
    public int DocumentBytes { get; init; } = 10 << 20;

    /// <summary>Texts of a request.</summary>
    [Range(1, 1_000_000)]
    public int Texts { get; init; } = 50;

    /// <summary>Characters of a text.</summary>
    [Range(1, 100_000_000)]
    public int Characters { get; init; } = 5000;

    /// <summary>Hypotheses that a search may keep.</summary>
    [Range(1, 1000)]
    public int Beam { get; init; } = 10;

    /// <summary>Seconds that a request may take.</summary>
    [Range(1, 86_400)]
    public int Seconds { get; init; } = 60;

    /// <summary>Requests per minute of a key, or of an address without one; 0 does not count them.</summary>
    [Range(0, 10_000_000)]
    public int RequestsPerMinute { get; init; } = 120;

    /// <summary>Connections at the same time.</summary>
    [Range(1, 1_000_000)]
    public int Connections { get; init; } = 100;

    /// <summary>Subwords that may wait to be translated.</summary>
    [Range(1024, 100_000_000)]
    public int QueuedSubwords { get; init; } = 65_536;

    /// <summary>
    /// Seconds between the signal to stop, from which on the service reports that it is not ready, and its last new
    /// connection.
    /// </summary>
    [Range(0, 3600)]
    public int DrainSeconds { get; init; } = 5;

    /// <summary>Seconds after that for requests that were accepted.</summary>
    [Range(1, 3600)]
    public int StopSeconds { get; init; } = 30;
}
