namespace TransformerClinic.Tests.Shared;

/// <summary>Copies of folders, to be changed by a test.</summary>
internal static class FolderCopy
{
    /// <summary>Copies a folder with everything in it; returns the copy's path.</summary>
    public static string Make(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return to;
    }
}
