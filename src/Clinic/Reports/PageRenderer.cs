using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using TransformerClinic.Pages;
using TransformerClinic.Reports.Markup;

namespace TransformerClinic.Reports;

/// <summary>Makes HTML of components: the same views give the same bytes.</summary>
internal static class PageRenderer
{
    /// <summary>A page that is a file: it needs no other file and loads nothing.</summary>
    public static string Render<TPage, TView>(string title, TView view)
        where TPage : PageOf<TView> => Render<TPage, TView>(new DocumentView(title), view);

    /// <summary>A whole document around a page's content.</summary>
    public static string Render<TPage, TView>(DocumentView document, TView view)
        where TPage : PageOf<TView> =>
        Render(
            document,
            builder =>
            {
                builder.OpenComponent<TPage>(0);
                builder.AddComponentParameter(1, nameof(PageOf<>.View), view);
                builder.CloseComponent();
            }
        );

    /// <summary>A whole document around content.</summary>
    public static string Render(DocumentView document, RenderFragment content) =>
        Render<Document>(
            new Dictionary<string, object?>
            {
                [nameof(Document.View)] = document,
                [nameof(Document.ChildContent)] = content,
            }
        ) + "\n";

    /// <summary>A component with its parameters, without a document around it.</summary>
    public static string Render<TComponent>(IReadOnlyDictionary<string, object?> parameters)
        where TComponent : IComponent
    {
        // Components take the encoder from the services; apart from it they ask for none.
        using var services = new ServiceCollection()
            .AddSingleton<HtmlEncoder>(PageEncoder.Instance)
            .BuildServiceProvider();
        using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        return renderer
            .Dispatcher.InvokeAsync(async () =>
            {
                var root = await renderer
                    .RenderComponentAsync<TComponent>(
                        ParameterView.FromDictionary(new Dictionary<string, object?>(parameters))
                    )
                    .ConfigureAwait(true);
                return root.ToHtmlString();
            })
            .GetAwaiter()
            .GetResult()
            .ReplaceLineEndings("\n");
    }
}
