using System.Runtime.InteropServices;

namespace TransformerClinic.Distribution;

/// <summary>
/// Ends this process even if the library does not: the network to its launcher may be cut, or the library may wait for
/// a process that has left already (MPICH 4.0.2 over UCX, now and then).
/// </summary>
internal static partial class ProcessEnd
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Ends this process after a while, whatever its other threads wait for.</summary>
    public static void AtTheLatest(int exitCode) =>
        new Thread(() =>
        {
            Thread.Sleep(Grace);
            EndAtOnce(exitCode);
        })
        {
            IsBackground = true,
        }.Start();

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void EndAtOnce(int exitCode);
}
