using TransformerClinic.Common;

namespace TransformerClinic.Runs;

/// <summary>
/// Keeps other processes out of a run folder. The lock is a file held open, not a file left behind: the system lets go
/// of it when the process ends, however it ends. A second file says who holds it, since nobody else can read the first.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private const string Name = ".lock";

    // What the systems say of a file that another process holds: EAGAIN on Linux and on macOS, ERROR_SHARING_VIOLATION
    // and ERROR_LOCK_VIOLATION on Windows.
    private static readonly int[] Held = [11, 35, 32, 33];

    private readonly FileStream _file;
    private readonly string _folder;

    private RunLock(FileStream file, string folder) => (_file, _folder) = (file, folder);

    /// <summary>Takes the lock of a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="path">The folder as the user named it, for the message.</param>
    /// <exception cref="UserErrorException">Another process holds it.</exception>
    public static RunLock Take(string folder, string path)
    {
        var held = new RunLock(Open(folder, path), folder);
        try
        {
            LockHolder.ThisProcess().Write(folder);
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        LockHolder.Remove(_folder);
        _file.Dispose();
    }

    private static FileStream Open(string folder, string path)
    {
        try
        {
            return new FileStream(
                Path.Combine(folder, Name),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
        }
        catch (IOException exception) when (Held.Contains(exception.HResult & 0xFFFF))
        {
            var who = LockHolder.Read(folder) is { } holder ? $" ({holder})" : "";
            throw new UserErrorException(
                $"{path}: another process is working in this run folder{who}. Wait for it to end, or name another "
                    + "folder.",
                exception
            )
            {
                Options = [RunFolder.Option],
            };
        }
    }
}
