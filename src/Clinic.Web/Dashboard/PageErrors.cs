using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using TransformerClinic.Pages;
using TransformerClinic.Pages.Live;
using TransformerClinic.Web.Api;

namespace TransformerClinic.Web.Dashboard;

/// <summary>Failures of pages are pages; who has no key is led to where one is asked for.</summary>
internal sealed class PageErrors : IErrorShape
{
    /// <inheritdoc/>
    public Task WriteAsync(HttpContext context, string message)
    {
        var (request, response) = (context.Request, context.Response);
        if (response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            response.Redirect(SignIn.AddressFor(request.Path + request.QueryString));
            return Task.CompletedTask;
        }

        var link =
            response.StatusCode == StatusCodes.Status403Forbidden
                ? new NavigationLink("Sign in with another key", SignIn.Address)
                : new NavigationLink("The page to translate on", ServicePage.Translate);
        response.ContentType = "text/html; charset=utf-8";
        return response.WriteAsync(
            ServicePage.Html<MessagePage, MessageView>(
                "Not done",
                "",
                new MessageView(ReasonPhrases.GetReasonPhrase(response.StatusCode), message, link)
            )
        );
    }
}
