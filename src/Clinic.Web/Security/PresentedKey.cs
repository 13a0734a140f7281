using Microsoft.AspNetCore.Http;

namespace TransformerClinic.Web.Security;

/// <summary>Where clients put their key; each tool that is served has its own habit.</summary>
internal static class PresentedKey
{
    /// <summary>The cookie of a browser that has signed in.</summary>
    public const string Cookie = "clinic-key";

    private static readonly string[] Schemes = ["Bearer ", "DeepL-Auth-Key "];

    /// <summary>The key of a request's headers or address; null if there is none.</summary>
    /// <remarks>
    /// In the order of trust: <c>Authorization: Bearer KEY</c> or <c>DeepL-Auth-Key KEY</c>, <c>X-API-Key: KEY</c>, and
    /// the parameters <c>api_key</c> (LibreTranslate), <c>key</c> (Apertium), <c>tokenCode</c> (OPUS-CAT),
    /// <c>auth_key</c> (DeepL), and the cookie of the service's own pages. LibreTranslate's clients send theirs in the
    /// body, which its adapter looks at.
    /// </remarks>
    public static string? Of(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        foreach (var scheme in Schemes)
        {
            if (authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            {
                return authorization[scheme.Length..].Trim();
            }
        }

        string?[] elsewhere =
        [
            request.Headers["X-API-Key"].FirstOrDefault(),
            request.Query["api_key"].FirstOrDefault(),
            request.Query["key"].FirstOrDefault(),
            request.Query["tokenCode"].FirstOrDefault(),
            request.Query["auth_key"].FirstOrDefault(),
            request.Cookies[Cookie],
        ];
        return elsewhere.FirstOrDefault(key => !string.IsNullOrEmpty(key));
    }
}
