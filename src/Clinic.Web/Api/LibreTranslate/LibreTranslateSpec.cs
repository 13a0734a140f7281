namespace TransformerClinic.Web.Api.LibreTranslate;

/// <summary>
/// <c>GET /spec</c>: by its title clients know that this is LibreTranslate's interface; the paths are those that are
/// served.
/// </summary>
internal static class LibreTranslateSpec
{
    private static readonly string[] Get = ["/languages", "/health", "/frontend/settings"];
    private static readonly string[] Post = ["/translate", "/detect", "/translate_file", "/suggest"];

    /// <summary>The document (Swagger 2.0).</summary>
    public static object Document =>
        new
        {
            swagger = "2.0",
            info = new
            {
                title = "LibreTranslate",
                version = "1.9.0",
                description = "LibreTranslate's interface, served by TransformerClinic.",
            },
            paths = Get.Select(path => (path, method: "get"))
                .Concat(Post.Select(path => (path, method: "post")))
                .ToDictionary(
                    entry => entry.path,
                    entry => new Dictionary<string, object>
                    {
                        [entry.method] = new
                        {
                            responses = new Dictionary<string, object> { ["200"] = new { description = "The answer" } },
                        },
                    }
                ),
        };
}
