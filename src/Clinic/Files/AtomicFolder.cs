namespace TransformerClinic.Files;

/// <summary>
/// Writes a set of files whole or not at all: a temporary folder beside the target is filled, its files are flushed to the
/// disk, and one rename makes it the target.
/// </summary>
public static class AtomicFolder
{
    private const string TemporaryMark = ".tmp-";

    /// <summary>Fills a folder; an existing one of that name is replaced only after the new one is complete.</summary>
    public static void Write(string path, Action<string> fill)
    {
        var target = Path.GetFullPath(path);
        var parent = Directory.CreateDirectory(Path.GetDirectoryName(target)!).FullName;
        var temporary = Path.Combine(parent, $".{Path.GetFileName(target)}{TemporaryMark}{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(temporary);
            fill(temporary);
            foreach (var file in Directory.EnumerateFiles(temporary, "*", SearchOption.AllDirectories))
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
                stream.Flush(flushToDisk: true);
            }

            if (Directory.Exists(target))
            {
                var old = temporary + "-old";
                Directory.Move(target, old);
                Directory.Move(temporary, target);
                Directory.Delete(old, recursive: true);
            }
            else
            {
                Directory.Move(temporary, target);
            }
        }
        catch
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }

            throw;
        }
    }

    /// <summary>Removes what writers that were killed have left in a folder.</summary>
    public static void Sweep(string parent)
    {
        if (!Directory.Exists(parent))
        {
            return;
        }

        foreach (var left in Directory.EnumerateDirectories(parent, $".*{TemporaryMark}*"))
        {
            Directory.Delete(left, recursive: true);
        }
    }
}
