using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace TransformerClinic.Web.Api;

/// <summary>
/// Answers of other programs' interfaces: names as they are written here, text as it is and not as escapes.
/// </summary>
internal static class AdapterJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>An answer.</summary>
    public static IResult Of(object value, int status = StatusCodes.Status200OK) =>
        Results.Json(value, Options, statusCode: status);

    /// <summary>Writes an answer; the status code is set already.</summary>
    public static Task WriteAsync(HttpContext context, object value) =>
        context.Response.WriteAsJsonAsync(value, Options, context.RequestAborted);
}
