using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TransformerClinic.Pages.Live;
using TransformerClinic.Web.Api;
using TransformerClinic.Web.Batching;
using TransformerClinic.Web.Models;
using TransformerClinic.Web.Security;
using TransformerClinic.Web.Texts;

namespace TransformerClinic.Web.Dashboard;

/// <summary>The page to translate on, which also works as a plain form.</summary>
internal static class TranslatePages
{
    /// <summary>Adds it.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes
            .MapGet(ServicePage.Translate, (ModelCatalog catalog, ServeOptions options) => Page(View(catalog, options)))
            .AsReadingPage();
        routes
            .MapPost(
                ServicePage.Translate,
                (HttpContext context, ModelCatalog catalog, ServeOptions options, TextTranslator translator) =>
                    AnswerAsync(context, catalog, options, translator)
            )
            .AsPage();
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext context,
        ModelCatalog catalog,
        ServeOptions options,
        TextTranslator translator
    )
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);

        // A browser sends the lines of a text field with CR and LF, whatever was typed.
        var text = form["text"].ToString().ReplaceLineEndings("\n");
        var view = View(catalog, options) with { Chosen = form["model"].ToString(), Text = text };
        using var lease = catalog.Find(view.Chosen.Length > 0 ? view.Chosen : null);
        if (lease is null)
        {
            return Page(view with { Problem = "There is no such model any more. Choose another." });
        }

        try
        {
            TextLimits.Check([text], options.Limits);
            var found = await translator.TranslateAsync(new TextOrder(lease.Model), [text], context.RequestAborted);
            return Page(view with { Translation = found[0].Text });
        }
        catch (Refusal refusal)
        {
            context.Response.StatusCode = refusal.Status;
            return Page(view with { Problem = refusal.Message });
        }
        catch (QueueFullException full)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Page(view with { Problem = full.Message });
        }
    }

    private static TranslateView View(ModelCatalog catalog, ServeOptions options) =>
        new([
            .. catalog.Models.Select(model => new ModelChoice(
                model.Name,
                model.SourceLanguage,
                model.TargetLanguage,
                Math.Min(model.Decoding.Beam, options.Limits.Beam)
            )),
        ])
        {
            MostCharacters = options.Limits.Characters,
        };

    private static IResult Page(TranslateView view) =>
        ServicePage.Of<TranslatePage, TranslateView>("Translate", ServicePage.Translate, view, "translate.js");
}
