using Microsoft.AspNetCore.Components;

namespace TransformerClinic.Pages;

/// <summary>The content of a page that shows one view; what is around it is a <see cref="Document"/>.</summary>
/// <typeparam name="TView">What is shown.</typeparam>
public abstract class PageOf<TView> : ComponentBase
{
    /// <summary>What is shown.</summary>
    [Parameter, EditorRequired]
    public required TView View { get; set; }
}
