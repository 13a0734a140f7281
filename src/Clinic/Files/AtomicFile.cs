using System.Text;

namespace TransformerClinic.Files;

/// <summary>Writes a file whole or not at all: to a temporary name beside the target, flushed to the disk, then renamed.</summary>
public static class AtomicFile
{
    /// <summary>Writes what <paramref name="write"/> puts into the stream; the old file stays until the new one is on disk.</summary>
    /// <exception cref="IOException">The disk is full, or the folder is missing; the old file is as it was, and nothing is left beside it.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var target = Path.GetFullPath(path);
        var temporary = SiblingName.Temporary(target);
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }

            throw;
        }

        DiskFlush.Folder(Path.GetDirectoryName(target)!);
    }

    /// <summary>Writes a text as UTF-8 without a byte order mark.</summary>
    /// <exception cref="IOException">The disk is full, or the folder is missing; the old file is as it was.</exception>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
}
