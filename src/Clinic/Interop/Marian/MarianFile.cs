using TransformerClinic.Common;

namespace TransformerClinic.Interop.Marian;

/// <summary>What is common to the two formats of Marian's files.</summary>
internal static class MarianFile
{
    /// <summary>Opens a file of either format.</summary>
    /// <exception cref="UserErrorException">It is missing or of neither.</exception>
    public static IMarianFile Open(string path)
    {
        using (var stream = OpenStream(path))
        {
            Span<byte> start = stackalloc byte[2];
            if (
                stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length
                || !start.SequenceEqual("PK"u8)
            )
            {
                return MarianBinaryFile.Open(path);
            }
        }

        return NpzFile.Open(path);
    }

    /// <summary>Opens a file to read.</summary>
    /// <exception cref="UserErrorException">It is missing or cannot be read.</exception>
    internal static FileStream OpenStream(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read);
        }
        catch (Exception exception)
            when (exception is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                exception is UnauthorizedAccessException
                    ? $"{path}: the file cannot be read ({exception.Message})."
                    : $"{path}: there is no such file.",
                exception
            );
        }
    }

    /// <summary>Whether an exception says that a file is damaged.</summary>
    internal static bool IsDamage(Exception exception) =>
        exception is InvalidDataException or EndOfStreamException or NotSupportedException or IOException;

    /// <summary>What is said of a damaged file.</summary>
    internal static UserErrorException Damaged(string path, Exception exception) =>
        new(
            $"{path}: this is not a whole model of Marian: "
                + $"{(exception is EndOfStreamException ? "it is cut off" : exception.Message.TrimEnd('.'))}.",
            exception
        );
}
