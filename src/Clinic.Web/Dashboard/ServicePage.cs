using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using TransformerClinic.Pages;
using TransformerClinic.Reports;
using TransformerClinic.Web.Security;

namespace TransformerClinic.Web.Dashboard;

/// <summary>Pages of the service: the components of the reports, with links between them and scripts.</summary>
internal static class ServicePage
{
    /// <summary>The address of the page to translate on.</summary>
    public const string Translate = "/";

    /// <summary>The address of the runs.</summary>
    public const string Runs = "/runs";

    /// <summary>The address of the comparison.</summary>
    public const string Compare = "/compare";

    /// <summary>A page.</summary>
    /// <param name="title">Title of the window.</param>
    /// <param name="address">The page of the navigation that it belongs to.</param>
    /// <param name="view">What it shows.</param>
    /// <param name="scripts">Names of its scripts.</param>
    public static IResult Of<TPage, TView>(string title, string address, TView view, params string[] scripts)
        where TPage : PageOf<TView> =>
        Results.Text(Html<TPage, TView>(title, address, view, scripts), "text/html; charset=utf-8");

    /// <summary>The same as text.</summary>
    public static string Html<TPage, TView>(string title, string address, TView view, params string[] scripts)
        where TPage : PageOf<TView> =>
        PageRenderer.Render<TPage, TView>(
            new DocumentView($"{title} · TransformerClinic")
            {
                StyleSheetAddress = Assets.Folder + "pages.css",
                MoreStyleSheets =
                [
                    Assets.Folder + "service.css",
                    .. scripts.Contains("run.js") ? [Assets.Folder + "uplot/uPlot.min.css"] : (string[])[],
                ],
                Scripts = [.. scripts.Select(script => Assets.Folder + script)],
                Navigation =
                [
                    new NavigationLink("Translate", Translate, address == Translate),
                    new NavigationLink("Runs", Runs, address == Runs),
                    new NavigationLink("Compare", Compare, address == Compare),
                ],
                Footer = "TransformerClinic. These pages only read: they change no model and no run.",
            },
            view
        );

    /// <summary>Marks endpoints as pages: not described as interface, failures are pages.</summary>
    public static TBuilder AsPage<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.ExcludeFromDescription().WithMetadata(new PageErrors());

    /// <summary>The same for pages that only read runs, which refresh themselves and are not counted.</summary>
    public static TBuilder AsReadingPage<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.AsPage().WithMetadata(new NoRate());
}
