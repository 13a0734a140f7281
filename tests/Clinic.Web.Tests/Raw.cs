using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TransformerClinic.Web.Tests;

/// <summary>Requests as a client wrote them, and what is in the answers.</summary>
internal static class Raw
{
    /// <summary>Asks with GET.</summary>
    public static Task<Answer> GetAsync(this RunningService service, string address) =>
        SendAsync(service, new HttpRequestMessage(HttpMethod.Get, address));

    /// <summary>Sends JSON.</summary>
    public static Task<Answer> JsonAsync(this RunningService service, string address, string json) =>
        SendAsync(
            service,
            new HttpRequestMessage(HttpMethod.Post, address)
            {
                Content = new StringContent(json, Encoding.UTF8, "application/json"),
            }
        );

    /// <summary>Sends a form, already encoded.</summary>
    public static Task<Answer> FormAsync(this RunningService service, string address, string form) =>
        SendAsync(
            service,
            new HttpRequestMessage(HttpMethod.Post, address)
            {
                Content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded"),
            }
        );

    /// <summary>Sends a request.</summary>
    public static async Task<Answer> SendAsync(this RunningService service, HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);
            return new Answer(
                response.StatusCode,
                await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                response.Headers.RetryAfter?.Delta,
                response.Content.Headers.ContentType?.MediaType
            );
        }
    }

    /// <summary>A string as JSON has it.</summary>
    public static string Quoted(string text) => JsonSerializer.Serialize(text);
}

/// <summary>An answer.</summary>
internal sealed record Answer(HttpStatusCode Status, string Body, TimeSpan? RetryAfter, string? MediaType)
{
    /// <summary>The body as JSON.</summary>
    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>The text at a path such as <c>translations.0.text</c>.</summary>
    public string? Text(string path)
    {
        JsonNode? node = Json;
        foreach (var step in path.Split('.'))
        {
            node = node is JsonArray array
                ? array[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]
                : node![step];
        }

        return node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : node?.ToJsonString();
    }

    /// <summary>The texts of an array.</summary>
    public IEnumerable<string?> Texts(string path)
    {
        JsonNode? node = Json;
        foreach (var step in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            node = node![step];
        }

        return node!.AsArray().Select(item => item!.GetValue<string>());
    }
}
