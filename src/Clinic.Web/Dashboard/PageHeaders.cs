using Microsoft.AspNetCore.Http;

namespace TransformerClinic.Web.Dashboard;

/// <summary>
/// Tells browsers what the pages need and nothing more: scripts and styles come from this service as files, nothing is
/// inline, no other site frames a page.
/// </summary>
internal sealed class PageHeaders(RequestDelegate next)
{
    /// <summary>The content security policy of all answers that do not bring their own.</summary>
    public const string Policy =
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        + "frame-ancestors 'none'";

    /// <summary>Answers a request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";

            // Not no-referrer: with that a browser hides the origin of a form from its own service.
            headers["Referrer-Policy"] = "same-origin";
            headers.ContentSecurityPolicy =
                headers.ContentSecurityPolicy.Count == 0 ? Policy : headers.ContentSecurityPolicy;
            return Task.CompletedTask;
        });
        return next(context);
    }
}
