using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace TransformerClinic.Web.Api;

/// <summary>Errors as ProblemDetails (RFC 9457), with the request's id.</summary>
internal sealed class ProblemShape : IErrorShape
{
    /// <inheritdoc/>
    public Task WriteAsync(HttpContext context, string message) =>
        context.Response.WriteAsJsonAsync(
            new ProblemDetails
            {
                Status = context.Response.StatusCode,
                Title = ReasonPhrases.GetReasonPhrase(context.Response.StatusCode),
                Detail = message,
                Extensions = { ["requestId"] = context.TraceIdentifier },
            },
            options: null,
            contentType: "application/problem+json"
        );
}
