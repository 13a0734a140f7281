using TransformerClinic.Common;

namespace TransformerClinic.Files;

/// <summary>
/// Writes a set of files completely or not at all: a temporary folder next to the target is filled, all of it is
/// flushed to the disk, and one rename makes it the target.
/// </summary>
/// <remarks>
/// An existing folder cannot be replaced by one rename: the old one is moved aside, the new one takes its place, and
/// the old one is removed. A process killed between the two moves leaves the old one under a name that
/// <see cref="Sweep"/> knows and moves back, so that a complete set can always be found.
/// </remarks>
internal static class AtomicFolder
{
    /// <summary>Fills a folder; an existing one of that name is replaced only after the new one is complete.</summary>
    /// <param name="path">
    /// The target; its parent must exist, because a run folder that somebody removes must not reappear in parts.
    /// </param>
    /// <param name="contents">The contents of such a folder; a folder with any other contents is not replaced.</param>
    /// <param name="fill">Puts the files into the given folder.</param>
    /// <exception cref="IOException">
    /// The disk is full or read-only; the old folder is unchanged, and nothing is left next to it.
    /// </exception>
    /// <exception cref="UserErrorException">Something else is there; it is unchanged.</exception>
    public static void Write(string path, FolderContents contents, Action<string> fill) =>
        WriteIf(
            path,
            contents,
            folder =>
            {
                fill(folder);
                return true;
            }
        );

    /// <summary>
    /// Fills a folder like <see cref="Write"/>, but only if it is worth keeping; otherwise everything stays as it was.
    /// </summary>
    /// <param name="path">
    /// The target; its parent must exist, because a run folder that somebody removes must not reappear in parts.
    /// </param>
    /// <param name="contents">The contents of such a folder; a folder with any other contents is not replaced.</param>
    /// <param name="fill">Puts the files into the given folder, and says whether to keep them.</param>
    /// <returns>What <paramref name="fill"/> said.</returns>
    /// <exception cref="IOException">
    /// The disk is full or read-only; the old folder is unchanged, and nothing is left next to it.
    /// </exception>
    /// <exception cref="UserErrorException">Something else is there; it is unchanged.</exception>
    public static bool WriteIf(string path, FolderContents contents, Func<string, bool> fill)
    {
        var temporary = Begin(path, contents);
        try
        {
            if (!fill(temporary))
            {
                Directory.Delete(temporary, recursive: true);
                return false;
            }

            Commit(path, contents, temporary);
            return true;
        }
        catch (Exception exception)
        {
            FailedWrite.Undo(exception, temporary, path);
            throw;
        }
    }

    /// <summary>
    /// Begins a folder whose files come one by one; <see cref="Commit"/> makes it the target, and whoever cannot get
    /// that far removes it.
    /// </summary>
    /// <returns>The temporary folder.</returns>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UserErrorException">Something else is there; it is unchanged.</exception>
    public static string Begin(string path, FolderContents contents)
    {
        contents.CheckReplaceable(path);
        var target = LinkTarget.Of(path);
        var parent = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(parent))
        {
            throw new DirectoryNotFoundException($"{parent}: there is no such folder.");
        }

        var temporary = SiblingName.Temporary(target);
        Directory.CreateDirectory(temporary);
        return temporary;
    }

    /// <summary>Makes a temporary folder that is complete the target.</summary>
    /// <exception cref="IOException">The disk is full or read-only; the old folder is unchanged.</exception>
    /// <exception cref="UserErrorException">Something else has appeared there; it is unchanged.</exception>
    public static void Commit(string path, FolderContents contents, string temporary)
    {
        var target = LinkTarget.Of(path);
        Flush(temporary);
        contents.CheckReplaceable(path); // what appeared there in the meantime must not be lost either
        if (Directory.Exists(target))
        {
            Replace(target, temporary);
        }
        else
        {
            Directory.Move(temporary, target);
        }

        DiskFlush.Folder(Path.GetDirectoryName(target)!);
    }

    /// <summary>
    /// Removes a set completely or not at all: <see cref="Sweep"/> removes what a killed process leaves of it.
    /// </summary>
    public static void Delete(string path)
    {
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var temporary = SiblingName.Temporary(target);
        Directory.Move(target, temporary);
        Directory.Delete(temporary, recursive: true);
    }

    /// <summary>
    /// Cleans up what killed writers have left in a folder: it removes temporaries, and moves back a folder that was
    /// moved aside if its successor has not yet taken its place. No writer may be active in the folder.
    /// </summary>
    public static void Sweep(string parent)
    {
        if (!Directory.Exists(parent))
        {
            return;
        }

        foreach (var file in Directory.GetFiles(parent).Where(SiblingName.IsTemporary))
        {
            File.Delete(file);
        }

        foreach (var folder in Directory.GetDirectories(parent))
        {
            if (SiblingName.TargetOfOld(folder) is { } target && !Path.Exists(target))
            {
                Directory.Move(folder, target);
            }
            else if (SiblingName.IsTemporary(folder) || SiblingName.TargetOfOld(folder) is not null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static void Replace(string target, string temporary)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
        }

        var old = SiblingName.Old(target);
        Directory.Move(target, old);
        try
        {
            Directory.Move(temporary, target);
        }
        catch
        {
            Directory.Move(old, target);
            throw;
        }

        // The new set's name is on the disk before the old set is removed.
        DiskFlush.Folder(Path.GetDirectoryName(target)!);
        Directory.Delete(old, recursive: true);
    }

    private static void Flush(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            DiskFlush.File(file);
        }

        foreach (var inner in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories))
        {
            DiskFlush.Folder(inner);
        }

        DiskFlush.Folder(folder);
    }
}
