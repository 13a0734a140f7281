using Microsoft.AspNetCore.Http;

namespace TransformerClinic.Web.Api;

/// <summary>
/// How an interface tells its clients that something is wrong; metadata of its endpoints. Without one it is a
/// ProblemDetails (RFC 9457).
/// </summary>
internal interface IErrorShape
{
    /// <summary>Writes the answer; the status code is set already.</summary>
    Task WriteAsync(HttpContext context, string message);
}
