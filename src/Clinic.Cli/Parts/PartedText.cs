using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Cli.Parts;

/// <summary>A file of lines that is translated in parts.</summary>
internal static class PartedText
{
    /// <summary>Refuses what has no lines at its bytes.</summary>
    /// <exception cref="UserErrorException">The file is a pipe, or compressed.</exception>
    public static void Check(Stream file, string path)
    {
        if (!file.CanSeek)
        {
            throw new UserErrorException($"{path}: this is not a file, so it has no parts. Write it to a file first.");
        }

        if (Compression.IsCompressed(file))
        {
            throw new UserErrorException(
                $"{path}: this file is compressed, so that its bytes do not tell where lines begin. Decompress it "
                    + "first."
            );
        }
    }

    /// <summary>SHA-256 of a part's bytes; its position is at the start again.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static string HashOf(FileRange range, CancellationToken stop)
    {
        using var hashed = new HashedStream(range, progress: null, stop);
        var hash = hashed.HashOfAll();
        range.Position = 0;
        return hash;
    }

    /// <summary>How many lines the file has before a part.</summary>
    public static long LinesBefore(Stream file, FileRange part)
    {
        var before = new FileRange(file, 0, part.Begin);
        return TextLines.Count(before, "the lines before the part")!.Value;
    }
}
