using Microsoft.AspNetCore.Http;

namespace TransformerClinic.Web.Api.Apertium;

/// <summary>Errors as Apertium's APy words them.</summary>
internal sealed class ApertiumShape : IErrorShape
{
    /// <inheritdoc/>
    public Task WriteAsync(HttpContext context, string message) =>
        AdapterJson.WriteAsync(
            context,
            new
            {
                status = "error",
                code = context.Response.StatusCode,
                message,
                explanation = message,
            }
        );
}
