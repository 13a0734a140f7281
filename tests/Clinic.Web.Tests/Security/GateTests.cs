using System.Net;
using System.Net.Http.Json;
using TransformerClinic.Web.Security;

namespace TransformerClinic.Web.Tests.Security;

public sealed class GateTests(ServedModelFixture fixture) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("Authorization", "Bearer {0}")]
    [InlineData("Authorization", "DeepL-Auth-Key {0}")]
    [InlineData("X-API-Key", "{0}")]
    public async Task A_known_key_passes_wherever_a_client_puts_it(string header, string value)
    {
        var key = ApiKeys.Add(KeyFile, "anna");
        await using var service = await fixture.StartAsync(options => options with { Keys = KeyFile });

        Assert.Equal(HttpStatusCode.Unauthorized, await Ask(service, null, null));
        Assert.Equal(HttpStatusCode.Forbidden, await Ask(service, header, Formatted(value, "0000")));
        Assert.Equal(HttpStatusCode.OK, await Ask(service, header, Formatted(value, key)));
    }

    [Fact]
    public async Task Health_asks_for_no_key_and_the_rest_does()
    {
        ApiKeys.Add(KeyFile, "anna");
        await using var service = await fixture.StartAsync(options => options with { Keys = KeyFile });

        foreach (var open in new[] { "/health/live", "/health/ready" })
        {
            Assert.Equal(HttpStatusCode.OK, await StatusOf(service, open));
        }

        foreach (var closed in new[] { "/v1/models", "/metrics", "/nothing" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(service, closed));
        }
    }

    [Theory]
    [InlineData("http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData("https://intranet.example", HttpStatusCode.OK)]
    public async Task Pages_of_other_sites_may_not_ask_but_for_the_one_that_was_named(
        string origin,
        HttpStatusCode status
    )
    {
        await using var service = await fixture.StartAsync(options =>
            options with
            {
                Origin = "https://intranet.example",
            }
        );

        Assert.Equal(status, await Ask(service, "Origin", origin));
        Assert.Equal(HttpStatusCode.OK, await Ask(service, "Origin", service.Address));
    }

    [Theory]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("translate.example", HttpStatusCode.OK)]
    [InlineData("rebound.evil.example", HttpStatusCode.BadRequest)]
    [InlineData("10.0.0.1", HttpStatusCode.BadRequest)]
    public async Task A_name_that_is_not_the_service_s_is_refused(string host, HttpStatusCode status)
    {
        await using var service = await fixture.StartAsync(options => options with { Names = ["translate.example"] });

        Assert.Equal(status, await Ask(service, "Host", host));
    }

    [Fact]
    public async Task Too_many_requests_in_a_minute_are_told_when_to_come_back()
    {
        await using var service = await fixture.StartAsync(options =>
            options with
            {
                Limits = options.Limits with { RequestsPerMinute = 3 },
            }
        );
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await Ask(service, null, null));
        }

        using var refused = await service.Client.GetAsync(new Uri("/v1/models", UriKind.Relative), Stop);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal(HttpStatusCode.OK, await StatusOf(service, "/health/live"));
    }

    public void Dispose() => _folder.Dispose();

    private string KeyFile => Path.Combine(_folder.FullName, "keys.txt");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string Formatted(string value, string key) => value.Replace("{0}", key, StringComparison.Ordinal);

    private static async Task<HttpStatusCode> StatusOf(RunningService service, string path)
    {
        using var response = await service.Client.GetAsync(new Uri(path, UriKind.Relative), Stop);
        return response.StatusCode;
    }

    private static async Task<HttpStatusCode> Ask(RunningService service, string? header, string? value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/translate")
        {
            Content = JsonContent.Create(new { text = "eins" }),
        };
        if (header is not null)
        {
            request.Headers.Add(header, value);
        }

        using var response = await service.Client.SendAsync(request, Stop);
        return response.StatusCode;
    }
}
