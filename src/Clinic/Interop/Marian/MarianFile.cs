using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Interop.Marian;

/// <summary>What is common to the two formats of Marian's files.</summary>
internal static class MarianFile
{
    /// <summary>Opens a file of either format and reads what it holds but for the numbers.</summary>
    /// <exception cref="UserErrorException">It is missing, damaged, or of neither.</exception>
    public static IMarianFile Open(string path)
    {
        var stream = InputFile.Open(path);
        try
        {
            return IsArchive(stream) ? new NpzFile(path, stream) : new MarianBinaryFile(path, stream);
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            stream.Dispose();
            throw Damaged(path, exception);
        }
    }

    private static bool IsArchive(FileStream stream)
    {
        Span<byte> start = stackalloc byte[2];
        var isArchive =
            stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
            && start.SequenceEqual("PK"u8);
        stream.Position = 0;
        return isArchive;
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
