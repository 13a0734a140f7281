using System.Runtime.InteropServices;

namespace TransformerClinic.Distribution;

/// <summary>
/// This process's signal handlers, kept while a native library is loaded that may replace them: the runtime finds null
/// references by SIGSEGV and divisions by zero by SIGFPE, and UCX, on which libraries of MPI are built, would end the
/// process there.
/// </summary>
internal sealed unsafe partial class SignalHandlers : IDisposable
{
    private const int HandlerBytes = 512; // more than struct sigaction of any system

    // SIGINT, SIGQUIT, SIGILL, SIGABRT, SIGFPE, SIGSEGV, SIGTERM; then SIGBUS and SIGUSR1, whose numbers differ
    private static readonly int[] Kept =
    [
        2,
        3,
        4,
        6,
        8,
        11,
        15,
        .. OperatingSystem.IsMacOS() ? [10, 30] : (int[])[7, 10],
    ];

    private readonly byte* _handlers = (byte*)NativeMemory.AllocZeroed((nuint)Kept.Length, HandlerBytes);

    /// <summary>Remembers the handlers as they are now.</summary>
    public SignalHandlers()
    {
        foreach (var (i, signal) in Kept.Index())
        {
            _ = Handle(signal, null, _handlers + (i * HandlerBytes));
        }
    }

    /// <summary>Puts them back.</summary>
    public void Dispose()
    {
        foreach (var (i, signal) in Kept.Index())
        {
            _ = Handle(signal, _handlers + (i * HandlerBytes), null);
        }

        NativeMemory.Free(_handlers);
    }

    // By its library: UCX puts a function of this name in front that changes nothing.
    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int Handle(int signal, void* handler, void* before);
}
