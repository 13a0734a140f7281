using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using TransformerClinic.Pages;
using TransformerClinic.Web.Security;

namespace TransformerClinic.Web.Dashboard;

/// <summary>
/// Style sheets and scripts of the pages. They are in the assembly, so they are found wherever the program runs from;
/// an address is looked up among their names and is never a path.
/// </summary>
internal static class Assets
{
    /// <summary>The folder of the addresses.</summary>
    public const string Folder = "/assets/";

    private const string Resources = "wwwroot/";

    /// <summary>Adds them; they are open to all, because a page that asks for a key has a style too.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (name, bytes) in All())
        {
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\"");
            routes
                .MapGet(
                    Folder + name,
                    (HttpContext context) =>
                    {
                        context.Response.Headers.CacheControl = "no-cache";
                        return Results.Bytes(bytes, TypeOf(name), entityTag: tag);
                    }
                )
                .ExcludeFromDescription()
                .WithMetadata(new OpenToAll(), new NoRate());
        }
    }

    private static IEnumerable<(string Name, byte[] Bytes)> All()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            if (resource.StartsWith(Resources, StringComparison.Ordinal))
            {
                using var stream = assembly.GetManifestResourceStream(resource)!;
                using var bytes = new MemoryStream();
                stream.CopyTo(bytes);
                yield return (resource[Resources.Length..].Replace('\\', '/'), bytes.ToArray());
            }
        }

        yield return ("pages.css", Encoding.UTF8.GetBytes(StyleSheet.Text));
    }

    private static string TypeOf(string name) =>
        Path.GetExtension(name) switch
        {
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            _ => "text/plain; charset=utf-8",
        };
}
