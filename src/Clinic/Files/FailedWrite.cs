namespace TransformerClinic.Files;

/// <summary>What a write to a temporary name leaves when it fails: a file or folder, and an exception.</summary>
internal static class FailedWrite
{
    /// <summary>
    /// Removes the unfinished file or folder as far as that is possible: where it is not, as in a folder that has
    /// become read-only, why the write failed matters more, and <see cref="AtomicFolder.Sweep"/> removes it later.
    /// </summary>
    public static void Remove(string temporary)
    {
        try
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
            else if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It stays.
        }
    }

    /// <summary>
    /// Removes what a write has left and throws its exception with the name that the user knows; returns if the
    /// exception does not mention the temporary one, for the caller to throw it again as it is.
    /// </summary>
    public static void Undo(Exception exception, string temporary, string target)
    {
        Remove(temporary);
        if (WithoutTemporary(exception, temporary, target) is { } named)
        {
            throw named;
        }
    }

    private static Exception? WithoutTemporary(Exception exception, string temporary, string target)
    {
        if (!exception.Message.Contains(temporary, StringComparison.Ordinal))
        {
            return null;
        }

        var message = exception.Message.Replace(temporary, target, StringComparison.Ordinal);
        return exception switch
        {
            UnauthorizedAccessException => new UnauthorizedAccessException(message, exception),
            DirectoryNotFoundException => new DirectoryNotFoundException(message, exception),
            FileNotFoundException => new FileNotFoundException(message, exception),
            IOException => new IOException(message, exception) { HResult = exception.HResult },
            _ => null,
        };
    }
}
