using System.Net.Http.Json;

namespace TransformerClinic.Bench.Serving;

/// <summary>A client of the service's own interface.</summary>
internal sealed class ServiceClient(string url, int connections) : IDisposable
{
    private readonly HttpClient _client = new(
        new SocketsHttpHandler
        {
            MaxConnectionsPerServer = connections,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
        }
    )
    {
        BaseAddress = new Uri(url),
        Timeout = TimeSpan.FromMinutes(10),
    };

    private sealed record Answer(Text[] Translations);

    private sealed record Text(string Value)
    {
        [System.Text.Json.Serialization.JsonPropertyName("text")]
        public string Value { get; init; } = Value;
    }

    /// <summary>The translation of a text, its lines each by itself.</summary>
    /// <exception cref="HttpRequestException">The answer is not a translation.</exception>
    public async Task<string> TranslateAsync(string text)
    {
        using var response = await _client.PostAsJsonAsync("/v1/translate", new { text, split = "lines" });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<Answer>())!.Translations[0].Value;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
