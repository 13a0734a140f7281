using System.Text.Json;

namespace TransformerClinic.Web.Tests;

/// <summary>Requests that end when their test does.</summary>
internal static class Asking
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The answer to GET.</summary>
    public static Task<HttpResponseMessage> AskAsync(this HttpClient client, string address) =>
        client.GetAsync(address, Stop);

    /// <summary>The body of the answer to GET, which must not be a failure.</summary>
    public static Task<string> TextAsync(this HttpClient client, string address) =>
        client.GetStringAsync(address, Stop);

    /// <summary>The same as JSON.</summary>
    public static async Task<JsonElement> JsonAsync(this HttpClient client, string address)
    {
        using var document = JsonDocument.Parse(await client.TextAsync(address));
        return document.RootElement.Clone();
    }

    /// <summary>The answer to a form.</summary>
    public static async Task<HttpResponseMessage> SendFormAsync(
        this HttpClient client,
        string address,
        params (string Name, string Value)[] fields
    )
    {
        using var form = new FormUrlEncodedContent(
            fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value))
        );
        return await client.PostAsync(address, form, Stop);
    }

    /// <summary>The body of an answer.</summary>
    public static Task<string> BodyAsync(this HttpResponseMessage response) => response.Content.ReadAsStringAsync(Stop);
}
