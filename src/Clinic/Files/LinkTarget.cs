namespace TransformerClinic.Files;

/// <summary>Where a path leads when it is a link, or a link to a link.</summary>
internal static class LinkTarget
{
    /// <summary>The full path of the real target, which may not exist if a link is broken.</summary>
    /// <exception cref="IOException">Links lead in a circle.</exception>
    public static string Of(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return new FileInfo(full).LinkTarget is null
            ? full
            : File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName;
    }
}
