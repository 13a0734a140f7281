using System.Text;

namespace TransformerClinic.Files;

/// <summary>
/// Writes a file completely or not at all: to a temporary name next to the target, flushed to the disk, then renamed.
/// </summary>
/// <remarks>
/// A link stays a link: the file that it leads to is replaced. A file that is replaced keeps its permissions. Anything
/// that does not keep its bytes (a pipe, a device) cannot be replaced; it is written to directly.
/// </remarks>
internal static class AtomicFile
{
    /// <summary>
    /// Writes what <paramref name="write"/> puts into the stream; the old file stays until the new one is on the disk.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes to the given stream.</param>
    /// <param name="stop">Ends the wait for the reader of a pipe.</param>
    /// <exception cref="IOException">
    /// The disk is full, or the folder is missing; the old file is unchanged, and nothing is left next to it.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder is not writable.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static void Write(string path, Action<Stream> write, CancellationToken stop = default)
    {
        if (FileKinds.Of(path) == FileKind.Special)
        {
            WriteInPlace(path, write, stop);
        }
        else
        {
            Replace(LinkTarget.Of(path), write);
        }
    }

    /// <summary>Writes a text as UTF-8 without a byte order mark.</summary>
    /// <exception cref="IOException">The disk is full, or the folder is missing; the old file is unchanged.</exception>
    public static void WriteText(string path, string text) =>
        Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    private static void WriteInPlace(string path, Action<Stream> write, CancellationToken stop)
    {
        // Opening a pipe waits for its reader.
        var opened = Interruptible.Run(
            () => new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite),
            stop
        );
        using var stream = new InterruptibleStream(opened, stop);
        write(stream);
        stream.Flush();
    }

    private static void Replace(string target, Action<Stream> write)
    {
        var temporary = SiblingName.Temporary(target);
        try
        {
            CheckWritable(target);
            using (var stream = Create(temporary, target))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception exception)
        {
            FailedWrite.Undo(exception, temporary, target);
            throw;
        }

        DiskFlush.Folder(Path.GetDirectoryName(target)!);
    }

    /// <summary>
    /// A write-protected file is not replaced either, although the folder would allow it.
    /// </summary>
    private static void CheckWritable(string target)
    {
        if (File.Exists(target))
        {
            using var old = new FileStream(
                target,
                FileMode.Open,
                FileAccess.Write,
                FileShare.ReadWrite | FileShare.Delete
            );
        }
    }

    /// <summary>A new file that has the permissions of the file that it will replace, from its first byte on.</summary>
    private static FileStream Create(string temporary, string target)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(target))
        {
            return new FileStream(temporary, FileMode.CreateNew, FileAccess.Write);
        }

        var mode = File.GetUnixFileMode(target);
        var stream = new FileStream(
            temporary,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = mode,
            }
        );
        File.SetUnixFileMode(stream.SafeFileHandle, mode); // what the process's mask removed
        return stream;
    }
}
