using System.Runtime.InteropServices;

namespace TransformerClinic.Files;

/// <summary>
/// Flushes written data to the disk itself. A file's bytes are one thing, its name in the folder another: after a power
/// cut a renamed file can be gone unless the folder was flushed too, and .NET has no call for that.
/// </summary>
internal static partial class DiskFlush
{
    private const int InputOutputError = 5; // EIO
    private const int NoSpace = 28; // ENOSPC

    /// <summary>Flushes a file's bytes.</summary>
    public static void File(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Flushes a folder's names; does nothing on Windows, where the journal already contains the
    /// rename.</summary>
    /// <exception cref="IOException">
    /// The disk failed. File systems that cannot flush folders are tolerated.
    /// </exception>
    public static void Folder(string path)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
        {
            return;
        }

        var descriptor = Open(path, flags: 0);
        if (descriptor < 0)
        {
            return; // A folder may be writable without being readable.
        }

        try
        {
            if (Synchronize(descriptor) != 0 && Marshal.GetLastPInvokeError() is InputOutputError or NoSpace)
            {
                throw new IOException(
                    $"{path}: the folder could not be flushed to the disk ({Marshal.GetLastPInvokeErrorMessage()})."
                );
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
