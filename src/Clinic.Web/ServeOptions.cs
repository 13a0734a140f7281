using System.ComponentModel.DataAnnotations;
using System.Net;
using TransformerClinic.Common;

namespace TransformerClinic.Web;

/// <summary>What is served, and where.</summary>
internal sealed record ServeOptions : IOptionRules
{
    /// <summary>The folder of the models: each folder in it is one; or a model folder or run folder itself.</summary>
    public required string Models { get; init; }

    /// <summary>A folder of run folders to show on the dashboard; null shows none.</summary>
    public string? Runs { get; init; }

    /// <summary>The address to listen at: <c>localhost</c>, or an IP address.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The port; 0 takes a free one.</summary>
    [Range(0, 65_535)]
    public int Port { get; init; } = 5000;

    /// <summary>The file of the keys' hashes; null asks for no key, which only loopback addresses allow.</summary>
    public string? Keys { get; init; }

    /// <summary>Host names by which the service may be addressed, in addition to the address itself.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>A web origin whose pages may ask the service; null allows none but its own.</summary>
    public string? Origin { get; init; }

    /// <summary>An SRX file by whose rules sentences are found; null takes the rules that come with the
    /// program.</summary>
    public string? Rules { get; init; }

    /// <summary>Threads that translate; 0 takes one per processor.</summary>
    [Range(0, 4096)]
    public int Threads { get; init; }

    /// <summary>Whether a line is written for each request.</summary>
    public bool LogRequests { get; init; } = true;

    /// <summary>What a client may ask for.</summary>
    public ServiceLimits Limits { get; init; } = new();

    /// <summary>Whether only this machine can reach the service.</summary>
    public bool IsLoopback => Address is { } address && IPAddress.IsLoopback(address);

    /// <summary>The address; null if it is not one.</summary>
    public IPAddress? Address =>
        Host == "localhost" ? IPAddress.Loopback
        : IPAddress.TryParse(Host, out var address) ? address
        : null;

    /// <inheritdoc/>
    public IEnumerable<string> BrokenRules(string section)
    {
        if (Address is null)
        {
            yield return $"{section}host is {Host}, which is not an IP address. Allowed: localhost, or an IP address "
                + "such as 127.0.0.1, or 0.0.0.0 for all of this machine's.";
        }
        else if (!IsLoopback && Keys is null)
        {
            yield return $"{section}host is {Host}: other machines could reach the service, so it asks for keys. Name "
                + "a file of keys.";
        }
    }
}
