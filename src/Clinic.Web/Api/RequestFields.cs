using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TransformerClinic.Web.Security;

namespace TransformerClinic.Web.Api;

/// <summary>
/// What a client of another program's interface sends: named values of its address, of a form or of a JSON object,
/// whichever it prefers. Names that nobody asks for are ignored, as those programs do.
/// </summary>
internal sealed class RequestFields
{
    private readonly Dictionary<string, Field> _fields = new(StringComparer.Ordinal);

    private sealed record Field(IReadOnlyList<string> Values, bool IsArray);

    private RequestFields() { }

    /// <summary>The files of a form.</summary>
    public IFormFileCollection? Files { get; private set; }

    /// <summary>Reads a request, once: whoever asks later gets the same.</summary>
    /// <exception cref="Refusal">The body is not what its content type says.</exception>
    public static async Task<RequestFields> ReadAsync(HttpContext context)
    {
        if (context.Items.TryGetValue(typeof(RequestFields), out var known) && known is RequestFields before)
        {
            return before;
        }

        var fields = new RequestFields();
        foreach (var (name, values) in context.Request.Query)
        {
            fields._fields[name] = new Field([.. values.OfType<string>()], IsArray: false);
        }

        await fields.ReadBodyAsync(context);
        context.Items[typeof(RequestFields)] = fields;
        return fields;
    }

    /// <summary>What <see cref="ReadAsync"/> has read; null if it has not, or could not.</summary>
    public static RequestFields? ReadBefore(HttpContext context) =>
        context.Items.TryGetValue(typeof(RequestFields), out var known) ? known as RequestFields : null;

    /// <summary>Whether there is a value of this name.</summary>
    public bool Has(string name) => _fields.ContainsKey(name);

    /// <summary>The first value of a name; null if there is none or it is empty.</summary>
    public string? One(string name) =>
        _fields.TryGetValue(name, out var field) && field.Values.Count > 0 && field.Values[0].Length > 0
            ? field.Values[0]
            : null;

    /// <summary>All values of a name; empty if there are none.</summary>
    public IReadOnlyList<string> All(string name) => _fields.TryGetValue(name, out var field) ? field.Values : [];

    /// <summary>Whether a name's value was a JSON array.</summary>
    public bool IsArray(string name) => _fields.TryGetValue(name, out var field) && field.IsArray;

    private async Task ReadBodyAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.HasFormContentType)
        {
            await ReadFormAsync(request, context.RequestAborted);
        }
        else if (request.HasJsonContentType())
        {
            await ReadJsonAsync(request, context.RequestAborted);
        }
        else if (request.ContentLength > 0)
        {
            throw new Refusal(
                StatusCodes.Status415UnsupportedMediaType,
                "Send JSON or a form, and say which: Content-Type: application/json.",
                "invalid"
            );
        }
    }

    private async Task ReadFormAsync(HttpRequest request, CancellationToken stop)
    {
        try
        {
            var form = await request.ReadFormAsync(stop);
            foreach (var (name, values) in form)
            {
                _fields[name] = new Field([.. values.OfType<string>()], IsArray: false);
            }

            Files = form.Files;
        }
        catch (InvalidDataException wrong)
        {
            throw Refusal.Invalid($"The request's form cannot be read: {wrong.Message}");
        }
    }

    private async Task ReadJsonAsync(HttpRequest request, CancellationToken stop)
    {
        try
        {
            using var bytes = new MemoryStream();
            await request.Body.CopyToAsync(bytes, stop);
            if (bytes.Length == 0)
            {
                return;
            }

            using var json = JsonDocument.Parse(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw Refusal.Invalid("The request's body is JSON, but not an object.");
            }

            foreach (var member in json.RootElement.EnumerateObject())
            {
                Take(member);
            }
        }
        catch (JsonException wrong)
        {
            throw Refusal.Invalid($"The request's body is not JSON: {wrong.Message}");
        }
        catch (InvalidOperationException)
        {
            // The only thing that a valid document can still get wrong.
            throw Refusal.Invalid("The request's body has a string that is not Unicode.");
        }
    }

    private void Take(JsonProperty member)
    {
        var value = member.Value;
        if (value.ValueKind == JsonValueKind.Array)
        {
            _fields[member.Name] = new Field([.. value.EnumerateArray().Select(TextOf)], IsArray: true);
        }
        else if (value.ValueKind != JsonValueKind.Null)
        {
            _fields[member.Name] = new Field([TextOf(value)], IsArray: false);
        }
    }

    private static string TextOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
