using Microsoft.AspNetCore.Http;

namespace TransformerClinic.Web.Security;

/// <summary>Finds the key in the body of a request, where some clients put it; metadata of the endpoints that they
/// use.</summary>
internal interface IKeyInBody
{
    /// <summary>The key; null if there is none.</summary>
    /// <exception cref="Refusal">The body cannot be read.</exception>
    Task<string?> KeyAsync(HttpContext context);
}
