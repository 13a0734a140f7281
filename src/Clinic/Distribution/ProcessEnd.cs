using System.Runtime.InteropServices;

namespace TransformerClinic.Distribution;

/// <summary>
/// Ends this process even if the library does not: the network to its launcher may be cut, or the library may wait for
/// a process that has left already (MPICH 4.0.2 over UCX, now and then).
/// </summary>
internal static partial class ProcessEnd
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Never = Timeout.InfiniteTimeSpan;

    /// <summary>Ends this process after a while, whatever its other threads wait for.</summary>
    /// <returns>Takes it back when it is disposed.</returns>
    public static IDisposable AtTheLatest(int exitCode) => new Timer(_ => EndAtOnce(exitCode), null, Grace, Never);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void EndAtOnce(int exitCode);
}
