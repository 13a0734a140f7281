using System.Runtime.InteropServices;

namespace TransformerClinic.Distribution;

/// <summary>Ends this process even if the library does not, because the network to its launcher is cut.</summary>
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
