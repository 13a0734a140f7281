using Microsoft.AspNetCore.Http;

namespace TransformerClinic.Web.Api.DeepL;

/// <summary>Errors as DeepL words them: <c>{"message": "..."}</c>. A missing key is a wrong one: 403.</summary>
internal sealed class DeepLShape : IErrorShape, Security.IKeyInBody
{
    /// <inheritdoc/>
    public Task WriteAsync(HttpContext context, string message)
    {
        if (context.Response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
        }

        return AdapterJson.WriteAsync(context, new { message });
    }

    /// <inheritdoc/>
    public async Task<string?> KeyAsync(HttpContext context) =>
        (await RequestFields.ReadAsync(context)).One("auth_key");
}
