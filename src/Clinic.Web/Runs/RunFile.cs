using System.Text;
using TransformerClinic.Files;

namespace TransformerClinic.Web.Runs;

/// <summary>
/// A file of a run, read so that whoever writes it does not notice: it may be written, renamed, replaced or removed in
/// the meantime. Links are not followed, so nothing outside the folders of runs can be read.
/// </summary>
internal static class RunFile
{
    /// <summary>Which folders are looked into: those that are not links.</summary>
    public static EnumerationOptions RealFolders { get; } =
        new() { AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden, IgnoreInaccessible = true };

    /// <summary>Opens a file; null if there is none, or what is there is a link, a folder or a pipe.</summary>
    public static FileStream? Open(string path)
    {
        try
        {
            var attributes = File.GetAttributes(path);
            return
                (attributes & (FileAttributes.ReparsePoint | FileAttributes.Directory)) != 0
                || FileKinds.Of(path) == FileKind.Special
                ? null
                : new FileStream(
                    path,
                    FileMode.Open,
                    FileAccess.Read,
                    FileShare.ReadWrite | FileShare.Delete,
                    bufferSize: 0
                );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The bytes of a file; null if it cannot be opened.</summary>
    public static byte[]? Bytes(string path)
    {
        using var stream = Open(path);
        if (stream is null)
        {
            return null;
        }

        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>The text of a file in UTF-8; null if it cannot be opened.</summary>
    public static string? Text(string path) => Bytes(path) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>What changes whenever a file does: its length and the time of its last change.</summary>
    public static (long Length, long Ticks) Stamp(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? (file.Length, file.LastWriteTimeUtc.Ticks) : default;
    }
}
