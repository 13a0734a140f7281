using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace TransformerClinic.Pages.Tests;

/// <summary>Components as a browser reads them.</summary>
internal static class Rendered
{
    /// <summary>A component with its parameters.</summary>
    public static IHtmlElement Of<TComponent>(params (string Name, object? Value)[] parameters)
        where TComponent : IComponent =>
        new HtmlParser().ParseDocument($"<body>{Html<TComponent>(parameters)}</body>").Body!;

    /// <summary>A component that shows one view.</summary>
    public static IHtmlElement View<TComponent>(object view)
        where TComponent : IComponent => Of<TComponent>(("View", view));

    /// <summary>A whole page.</summary>
    public static IHtmlDocument Page<TPage>(DocumentView document, object view)
        where TPage : IComponent =>
        new HtmlParser(new HtmlParserOptions { IsStrictMode = false }).ParseDocument(PageText<TPage>(document, view));

    /// <summary>The text of a whole page.</summary>
    public static string PageText<TPage>(DocumentView document, object view)
        where TPage : IComponent =>
        Html<Document>([
            ("View", document),
            (
                "ChildContent",
                (RenderFragment)(
                    builder =>
                    {
                        builder.OpenComponent<TPage>(0);
                        builder.AddComponentParameter(1, "View", view);
                        builder.CloseComponent();
                    }
                )
            ),
        ]);

    /// <summary>The text of elements, white space as a browser shows it.</summary>
    public static IEnumerable<string> Texts(this IEnumerable<IElement> elements) =>
        elements.Select(element =>
            string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        );

    private static string Html<TComponent>((string Name, object? Value)[] parameters)
        where TComponent : IComponent
    {
        using var services = new ServiceCollection().BuildServiceProvider();
        using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        var given = ParameterView.FromDictionary(
            parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value)
        );
        return renderer
            .Dispatcher.InvokeAsync(async () =>
                (await renderer.RenderComponentAsync<TComponent>(given).ConfigureAwait(true)).ToHtmlString()
            )
            .GetAwaiter()
            .GetResult();
    }
}
