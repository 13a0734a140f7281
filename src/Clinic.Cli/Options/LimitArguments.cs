using System.CommandLine;
using TransformerClinic.Web;

namespace TransformerClinic.Cli.Options;

/// <summary>The options of <c>clinic serve</c> that limit what a client may ask for.</summary>
internal sealed class LimitArguments
{
    private readonly Option<int?> _body = Limit(nameof(ServiceLimits.BodyBytes), "--max-body", "Bytes of a request.");
    private readonly Option<int?> _document = Limit(
        nameof(ServiceLimits.DocumentBytes),
        "--max-document",
        "Bytes of a document."
    );
    private readonly Option<int?> _texts = Limit(nameof(ServiceLimits.Texts), "--max-texts", "Texts of a request.");
    private readonly Option<int?> _characters = Limit(
        nameof(ServiceLimits.Characters),
        "--max-characters",
        "Characters of a text."
    );
    private readonly Option<int?> _beam = Limit(nameof(ServiceLimits.Beam), "--max-beam", "Beam of a search.");
    private readonly Option<int?> _seconds = Limit(
        nameof(ServiceLimits.Seconds),
        "--max-seconds",
        "Seconds that a request may take."
    );
    private readonly Option<int?> _rate = Limit(
        nameof(ServiceLimits.RequestsPerMinute),
        "--max-rate",
        "Requests per minute of a key, or of an address without one; 0 does not count them."
    );
    private readonly Option<int?> _connections = Limit(
        nameof(ServiceLimits.Connections),
        "--max-connections",
        "Connections at the same time."
    );
    private readonly Option<int?> _queue = Limit(
        nameof(ServiceLimits.QueuedSubwords),
        "--max-queue",
        "Subwords that may wait; a full queue answers 503."
    );
    private readonly Option<int?> _drain = Limit(
        nameof(ServiceLimits.DrainSeconds),
        "--drain-seconds",
        "Seconds from the signal to stop to the last new connection."
    );
    private readonly Option<int?> _stop = Limit(
        nameof(ServiceLimits.StopSeconds),
        "--stop-seconds",
        "Seconds after that for the requests that were accepted."
    );

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All =>
        [_body, _document, _texts, _characters, _beam, _seconds, _rate, _connections, _queue, _drain, _stop];

    /// <summary>The limits that a command line asks for.</summary>
    public ServiceLimits Of(ParseResult parsed)
    {
        var defaults = new ServiceLimits();
        return new ServiceLimits
        {
            BodyBytes = parsed.GetValue(_body) ?? defaults.BodyBytes,
            DocumentBytes = parsed.GetValue(_document) ?? defaults.DocumentBytes,
            Texts = parsed.GetValue(_texts) ?? defaults.Texts,
            Characters = parsed.GetValue(_characters) ?? defaults.Characters,
            Beam = parsed.GetValue(_beam) ?? defaults.Beam,
            Seconds = parsed.GetValue(_seconds) ?? defaults.Seconds,
            RequestsPerMinute = parsed.GetValue(_rate) ?? defaults.RequestsPerMinute,
            Connections = parsed.GetValue(_connections) ?? defaults.Connections,
            QueuedSubwords = parsed.GetValue(_queue) ?? defaults.QueuedSubwords,
            DrainSeconds = parsed.GetValue(_drain) ?? defaults.DrainSeconds,
            StopSeconds = parsed.GetValue(_stop) ?? defaults.StopSeconds,
        };
    }

    private static Option<int?> Limit(string key, string name, string description)
    {
        var value = typeof(ServiceLimits).GetProperty(key)!.GetValue(new ServiceLimits());
        return RangedOption.Of<ServiceLimits, int>(key, name, $"{description} Default: {value}.");
    }
}
