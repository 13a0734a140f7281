namespace TransformerClinic.Pages;

/// <summary>What is around the content of a page.</summary>
/// <param name="Title">The title of the window.</param>
public sealed record DocumentView(string Title)
{
    /// <summary>
    /// Where the style sheet is served; empty for a page that is a file, which holds the sheet and a policy that
    /// forbids every load. A server sends its own policy as a header.
    /// </summary>
    public string StyleSheetAddress { get; init; } = "";

    /// <summary>Style sheets of vendored scripts, in addition to the page's own.</summary>
    public IReadOnlyList<string> MoreStyleSheets { get; init; } = [];

    /// <summary>Addresses of JavaScript modules, which the browser runs once it has read the page.</summary>
    public IReadOnlyList<string> Scripts { get; init; } = [];

    /// <summary>Links to other pages; a page that is a file has none.</summary>
    public IReadOnlyList<NavigationLink> Navigation { get; init; } = [];

    /// <summary>The last line of the page.</summary>
    public string Footer { get; init; } =
        "Made by TransformerClinic. This file is complete in itself: keep it, send it, print it.";
}

/// <summary>A link to another page.</summary>
/// <param name="Text">Its words.</param>
/// <param name="Address">Where it leads.</param>
/// <param name="IsCurrent">Whether it leads to the page that it is on.</param>
public sealed record NavigationLink(string Text, string Address, bool IsCurrent = false);
