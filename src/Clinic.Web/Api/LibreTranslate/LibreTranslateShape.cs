using Microsoft.AspNetCore.Http;
using TransformerClinic.Web.Security;

namespace TransformerClinic.Web.Api.LibreTranslate;

/// <summary>Errors as LibreTranslate words them: <c>{"error": "..."}</c>. Clients compare some of the texts.</summary>
internal sealed class LibreTranslateShape : IErrorShape, IKeyInBody
{
    /// <summary>No key was sent.</summary>
    public const string KeyMissing = "Please contact the server operator to obtain an API key";

    /// <summary>A key was sent that is none.</summary>
    public const string KeyWrong = "Invalid API key";

    /// <inheritdoc/>
    public Task WriteAsync(HttpContext context, string message)
    {
        if (context.Response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            message = KeyMissing;
        }
        else if (context.Features.Get<Refusal>() is { Reason: "key" })
        {
            message = KeyWrong;
        }

        return AdapterJson.WriteAsync(context, new { error = message });
    }

    /// <inheritdoc/>
    public async Task<string?> KeyAsync(HttpContext context) =>
        (await RequestFields.ReadAsync(context)).One(LibreTranslateApi.KeyField);
}
