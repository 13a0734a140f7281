using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace TransformerClinic.Web.Operation;

/// <summary>
/// Counts requests and writes a line for each: method, path, status, bytes of the body, milliseconds, id. Neither texts
/// nor what follows the question mark is in it.
/// </summary>
internal sealed class RequestLog(RequestDelegate next, ServiceActivity activity, ServiceLog log, ServeOptions options)
{
    /// <summary>Answers a request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        using var request = activity.BeginRequest();
        var began = Stopwatch.GetTimestamp();
        if (activity.IsDraining)
        {
            context.Response.Headers.Connection = "close";
        }

        await next(context);
        if (options.LogRequests && !context.Request.Path.StartsWithSegments("/health"))
        {
            log.Say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{context.Request.Method} {context.Request.Path} {context.Response.StatusCode} "
                )
                    + string.Create(
                        CultureInfo.InvariantCulture,
                        $"{context.Request.ContentLength ?? 0} bytes "
                            + $"{Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms {context.TraceIdentifier}"
                    )
            );
        }
    }
}
