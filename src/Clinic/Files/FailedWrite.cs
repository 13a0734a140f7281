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
    /// The exception with the name that the user knows; null if it does not mention the temporary one.
    /// </summary>
    public static Exception? WithoutTemporary(Exception exception, string temporary, string target)
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
