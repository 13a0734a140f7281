using TransformerClinic.Common;

namespace TransformerClinic.Files;

/// <summary>Opens files that the user named, or says in words why that cannot be.</summary>
internal static class InputFile
{
    /// <summary>A file's bytes as a stream that can be read anywhere.</summary>
    /// <inheritdoc cref="Opened"/>
    public static FileStream Open(string path, string? needed = null) => Opened(path, File.OpenRead, needed);

    /// <summary>What <paramref name="open"/> makes of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="open">Opens it.</param>
    /// <param name="needed">
    /// What to take instead of a folder, in words that follow "but"; null if a folder is as good as missing.
    /// </param>
    /// <exception cref="UserErrorException">The file is missing, is a folder, or may not be read.</exception>
    public static T Opened<T>(string path, Func<string, T> open, string? needed = null)
    {
        if (needed is not null && Directory.Exists(path))
        {
            throw new UserErrorException($"{path}: this is a folder, but {needed}.");
        }

        if (!File.Exists(path))
        {
            throw new UserErrorException($"{path}: there is no such file.");
        }

        try
        {
            return open(path);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new UserErrorException($"{path}: the file cannot be read ({exception.Message}).", exception);
        }
    }
}
