namespace TransformerClinic.Web.Tests.Runs;

/// <summary>Server-sent events as a client reads them.</summary>
internal sealed class SseReader : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private SseReader(HttpResponseMessage response, Stream stream) =>
        (_response, _reader) = (response, new StreamReader(stream));

    /// <summary>An event.</summary>
    internal sealed record Event(string Name, string Data, string Id);

    /// <summary>Asks for events.</summary>
    public static async Task<SseReader> OpenAsync(HttpClient client, string address, string? last = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (last is not null)
        {
            request.Headers.Add("Last-Event-ID", last);
        }

        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        return new SseReader(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The next event; null at the end.</summary>
    public async Task<Event?> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var (name, data, id) = ("message", "", "");
        for (var any = false; await _reader.ReadLineAsync(patience.Token) is { } line; any = true)
        {
            if (line.Length == 0 && any)
            {
                return new Event(name, data, id);
            }

            var value = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].TrimStart();
            (name, data, id) = line.Split(':')[0] switch
            {
                "event" => (value, data, id),
                "data" => (name, data + value, id),
                "id" => (name, data, value),
                _ => (name, data, id),
            };
        }

        return null;
    }

    /// <summary>The next event that is not the run's state, which also comes as a heartbeat.</summary>
    public async Task<Event> NextOfLogAsync()
    {
        for (; ; )
        {
            var found = await NextAsync() ?? throw new InvalidOperationException("The events ended.");
            if (found.Name != "state")
            {
                return found;
            }
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }
}
