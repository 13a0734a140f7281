namespace TransformerClinic.Web.Tests;

/// <summary>A service that listens on a free port, with a client for it and what it said.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private readonly TranslationServer _server;
    private readonly StringWriter _log;

    private RunningService(TranslationServer server, StringWriter log)
    {
        (_server, _log) = (server, log);
        Client = new HttpClient { BaseAddress = new Uri(server.Address) };
    }

    /// <summary>A client of it.</summary>
    public HttpClient Client { get; }

    /// <summary>The server.</summary>
    public TranslationServer Server => _server;

    /// <summary>Where it listens, such as <c>http://127.0.0.1:40123</c>.</summary>
    public string Address => _server.Address;

    /// <summary>What it said so far.</summary>
    public string Log => _log.ToString();

    /// <summary>Starts one.</summary>
    public static async Task<RunningService> StartAsync(ServeOptions options)
    {
        var log = new StringWriter();
        var server = TranslationServer.Create(options, new ServiceLog(log));
        await server.StartAsync();
        return new RunningService(server, log);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.StopAsync();
        await _server.DisposeAsync();
    }
}
