using System.ComponentModel;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace TransformerClinic.Tests.Shared;

/// <summary>
/// Runs something without the superuser's right to write everywhere, so that permissions can be tested by whoever runs
/// the tests.
/// </summary>
internal static partial class Unprivileged
{
    private const uint Nobody = 65534;

    /// <summary>Whether permissions bind whoever runs the tests, or can be made to.</summary>
    public static bool IsPossible =>
        OperatingSystem.IsLinux() || (OperatingSystem.IsMacOS() && !Environment.IsPrivilegedProcess);

    /// <summary>Runs an action with the permissions of the owner of a new folder, which it gets.</summary>
    public static void Run(Action<string> action)
    {
        using var parent = new TemporaryFolder();
        var folder = Directory.CreateDirectory(parent.PathOf("own")).FullName;
        if (Environment.IsPrivilegedProcess)
        {
            RunAsNobody(parent.FullName, folder, action);
        }
        else
        {
            action(folder);
        }
    }

    /// <summary>Takes away the permission to write to a folder for as long as the result is not disposed.</summary>
    public static IDisposable ReadOnly(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException();
        }

        var mode = File.GetUnixFileMode(folder);
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return new Restored(folder, mode);
    }

    private static void RunAsNobody(string parent, string folder, Action<string> action)
    {
        if (ChangeMode(parent, Convert.ToUInt32("711", 8)) != 0 || ChangeOwner(folder, Nobody, Nobody) != 0)
        {
            throw new Win32Exception();
        }

        ExceptionDispatchInfo? failed = null;
        var thread = new Thread(() =>
        {
            // Of files only, and of this thread only, with which it ends.
            _ = SetFileUser(Nobody);
            try
            {
                action(folder);
            }
#pragma warning disable CA1031 // Any exception is thrown again by the caller's thread.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failed = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failed?.Throw();
    }

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetFileUser(uint user);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "chmod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeMode(string path, uint mode);

    [UnsupportedOSPlatform("windows")]
    private sealed class Restored(string folder, UnixFileMode mode) : IDisposable
    {
        public void Dispose() => File.SetUnixFileMode(folder, mode);
    }
}
