using System.Net.Sockets;
using System.Text;

namespace TransformerClinic.Web.Tests.Security;

/// <summary>What clients get that mean harm, over raw sockets; afterwards the service serves as before.</summary>
public class AbuseTests(ServedModelFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a header of ten megabytes", "431")]
    [InlineData("a body larger than allowed", "413")]
    [InlineData("a hundred thousand texts", "413")]
    [InlineData("deep json", "400")]
    [InlineData("invalid utf-8", "400")]
    [InlineData("path traversal", "404")]
    [InlineData("encoded path traversal", "404")]
    [InlineData("a name that is not its own", "400")]
    [InlineData("no http", "400")]
    public async Task It_is_refused_and_the_service_lives_on(string attack, string status)
    {
        var answer = await Send(BytesOf(attack), shutdown: false);

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer, StringComparison.Ordinal);
        await AssertServes();
    }

    [Fact]
    public async Task A_client_that_closes_its_half_gets_its_answer_or_none_and_the_service_lives_on()
    {
        await Send(Post("""{"text":"eins zwei"}"""), shutdown: true);
        await Send(Post("""{"text":"eins zwei"}""")[..^5], shutdown: true);

        await AssertServes();
    }

    [Fact]
    public async Task A_slow_body_is_given_up()
    {
        using var client = await Connect();
        var request = Encoding.ASCII.GetBytes(
            "POST /v1/translate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: 100000\r\n\r\n{"
        );
        await client.GetStream().WriteAsync(request, Stop);

        // Kestrel gives a body five seconds, then expects 240 bytes per second.
        Assert.StartsWith("HTTP/1.1 408 ", await Read(client.GetStream()), StringComparison.Ordinal);
        await AssertServes();
    }

    private async Task AssertServes() =>
        Assert.Contains(
            fixture.TranslationOf("eins"),
            await Send(Post("""{"text":"eins"}"""), shutdown: false),
            StringComparison.Ordinal
        );

    private static byte[] BytesOf(string attack) =>
        attack switch
        {
            "a header of ten megabytes" => Encoding.ASCII.GetBytes(
                $"GET /v1/models HTTP/1.1\r\nHost: localhost\r\nX: {new string('x', 10_000_000)}\r\n\r\n"
            ),
            "a body larger than allowed" => Post($"{{\"text\":\"{new string('a', 2_000_000)}\"}}"),
            "a hundred thousand texts" => Post(
                $"{{\"text\":[{string.Join(',', Enumerable.Repeat("\"a\"", 100_000))}]}}"
            ),
            "deep json" => Post($"{{\"text\":{new string('[', 100_000)}{new string(']', 100_000)}}}"),
            "invalid utf-8" =>
            [
                .. Encoding.ASCII.GetBytes(
                    "POST /v1/translate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Connection: close\r\nContent-Length: 13\r\n\r\n{\"text\":\""
                ),
                0xC3,
                0x28,
                .. "\"}"u8,
            ],
            "path traversal" => Get("/../../../../etc/passwd", "localhost"),
            "encoded path traversal" => Get("/v1/models/..%2f..%2f..%2fetc%2fpasswd", "localhost"),
            "a name that is not its own" => Get("/v1/models", "rebound.evil.example"),
            "no http" => "\0\u0001\u0002 what\r\n\r\n"u8.ToArray(),
            _ => throw new ArgumentOutOfRangeException(nameof(attack)),
        };

    private static byte[] Get(string path, string host) =>
        Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");

    private static byte[] Post(string body) =>
        Encoding.UTF8.GetBytes(
            "POST /v1/translate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n"
                + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"
        );

    private async Task<string> Send(byte[] request, bool shutdown)
    {
        using var client = await Connect();
        var stream = client.GetStream();
        // Read while it is sent: the service may answer, and close, before it has heard all.
        var answer = Read(stream);
        try
        {
            await stream.WriteAsync(request, Stop);
            if (shutdown)
            {
                client.Client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (IOException)
        {
            // The service has heard enough.
        }

        return await answer;
    }

    private async Task<TcpClient> Connect()
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", new Uri(fixture.Service.Address).Port, Stop);
        return client;
    }

    private static async Task<string> Read(NetworkStream stream)
    {
        var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, Stop);
        }
        catch (IOException)
        {
            // It closed the connection on a client that still sends.
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }
}
