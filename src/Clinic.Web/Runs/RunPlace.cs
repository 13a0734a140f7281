namespace TransformerClinic.Web.Runs;

/// <summary>A run folder of the catalog.</summary>
/// <param name="Id">What requests call it: the names of the folders that lead to it, with colons between them.</param>
/// <param name="Folder">The folder.</param>
internal sealed record RunPlace(string Id, string Folder)
{
    private const char Separator = ':';

    /// <summary>The id of a folder that these folders lead to.</summary>
    /// <remarks>Two folders never have the same: a colon in a name is written <c>%3A</c>, and the percent sign
    /// <c>%25</c>.</remarks>
    public static string IdOf(IEnumerable<string> names) =>
        string.Join(
            Separator,
            names.Select(name =>
                name.Replace("%", "%25", StringComparison.Ordinal).Replace(":", "%3A", StringComparison.Ordinal)
            )
        );
}
