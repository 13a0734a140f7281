using TransformerClinic.Common;

namespace TransformerClinic.Files;

/// <summary>
/// A file that the user named for a result. Whether it can be written is checked before the work, not after it.
/// </summary>
internal static class OutputFile
{
    /// <summary>Checks that a path can be written to.</summary>
    /// <exception cref="UserErrorException">The path is empty or a folder, or its folder is missing.</exception>
    public static void Check(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new UserErrorException("The output has no name: name the file to write.");
        }

        if (Directory.Exists(path) || Path.EndsInDirectorySeparator(path))
        {
            throw new UserErrorException($"{path}: this is a folder; name a file in it.");
        }

        FolderPath.RefuseFiles(Path.GetDirectoryName(Path.GetFullPath(path))!, path);
        if (Path.GetDirectoryName(LinkTarget.Of(path)) is { } folder && !Directory.Exists(folder))
        {
            throw new UserErrorException(
                $"{path}: there is no folder {folder} to write it to. Create the folder first."
            );
        }
    }

    /// <summary>
    /// Checks the path, then writes the file completely or not at all, as <see cref="AtomicFile.Write"/> does.
    /// </summary>
    /// <exception cref="UserErrorException">The file cannot be written.</exception>
    public static void Write(string path, Action<Stream> write, CancellationToken stop = default)
    {
        Check(path);
        AtomicFile.Write(path, write, stop);
    }

    /// <summary>Checks the path, then writes a text as UTF-8 without a byte order mark, completely or not at
    /// all.</summary>
    /// <exception cref="UserErrorException">The file cannot be written.</exception>
    public static void WriteText(string path, string text)
    {
        Check(path);
        AtomicFile.WriteText(path, text);
    }
}
