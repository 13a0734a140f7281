using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TransformerClinic.Pages.Live;
using TransformerClinic.Web.Security;

namespace TransformerClinic.Web.Dashboard;

/// <summary>
/// Where a browser gives its key. It comes back as a cookie that scripts cannot read and other sites cannot send; the
/// service remembers nothing.
/// </summary>
internal static class SignIn
{
    /// <summary>The address.</summary>
    public const string Address = "/sign-in";

    /// <summary>The address with the page to go to afterwards.</summary>
    public static string AddressFor(string next) => $"{Address}?next={Uri.EscapeDataString(next)}";

    /// <summary>Adds the pages to sign in and out; they are open to all, and attempts are counted.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes
            .MapGet(Address, (string? next) => Page(new SignInView(Local(next))))
            .AsPage()
            .WithMetadata(new OpenToAll());
        routes
            .MapPost(Address, (HttpContext context, KeyRing keys) => AnswerAsync(context, keys))
            .AsPage()
            .WithMetadata(new OpenToAll());
        routes.MapPost("/sign-out", (HttpContext context) => Leave(context)).AsPage().WithMetadata(new OpenToAll());
    }

    private static async Task<IResult> AnswerAsync(HttpContext context, KeyRing keys)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var (key, next) = (form["key"].ToString().Trim(), Local(form["next"].FirstOrDefault()));
        if (keys.Keys is { } known && known.NameOf(key) is null)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Page(new SignInView(next, "This key is not known here."));
        }

        if (keys.Keys is not null)
        {
            context.Response.Cookies.Append(PresentedKey.Cookie, key, Options(context));
        }

        return Results.LocalRedirect(next);
    }

    private static IResult Leave(HttpContext context)
    {
        context.Response.Cookies.Delete(PresentedKey.Cookie, Options(context));
        return Results.LocalRedirect(Address);
    }

    private static CookieOptions Options(HttpContext context) =>
        new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
            Path = "/",
        };

    private static IResult Page(SignInView view) => ServicePage.Of<SignInPage, SignInView>("Sign in", Address, view);

    /// <summary>A page of this service; anything else would let a link lead to another site.</summary>
    private static string Local(string? next) =>
        next is ['/', ..] and not ['/', '/' or '\\', ..] && !next.Any(char.IsControl) ? next : ServicePage.Translate;
}
