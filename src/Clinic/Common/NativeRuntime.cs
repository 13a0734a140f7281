using System.Runtime.InteropServices;

namespace TransformerClinic.Common;

/// <summary>
/// Settings of the native libraries below libtorch that must be made before its first use: call <see cref="Configure"/>
/// as the first statement of a program.
/// </summary>
public static partial class NativeRuntime
{
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapMax = -4;
    private const int ArenaMax = -8;

    /// <summary>
    /// Makes OpenMP's idle threads sleep instead of spin (on shared cores spinning made two threads eight times slower
    /// than one), and makes glibc keep freed memory, in one arena for all threads, instead of returning it page by page
    /// (a tenth of a step went into page faults). A variable that is already set is not changed. Does nothing outside
    /// Linux.
    /// </summary>
    public static void Configure()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // Environment.SetEnvironmentVariable does not reach the environment that native libraries read.
        _ = SetEnv("OMP_WAIT_POLICY", "passive", overwrite: 0);
        try
        {
            _ = MallOpt(MmapMax, 0);
            _ = MallOpt(TrimThreshold, int.MaxValue);
            _ = MallOpt(TopPad, 64 << 20);
            _ = MallOpt(ArenaMax, 1);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has no mallopt; its allocator has no such settings.
        }
    }

    /// <summary>
    /// Sets a variable in the environment that native libraries read, which .NET's own does not reach; outside Linux,
    /// only .NET's.
    /// </summary>
    internal static void SetVariable(string name, string value)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetEnv(name, value, overwrite: 1);
        }
        else
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    /// <summary>
    /// Returns the memory that has been freed so far to the system: for the end of a stage after which less is needed,
    /// since <see cref="Configure"/> makes glibc keep it. Does nothing without glibc.
    /// </summary>
    public static void GiveBackFreedMemory()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = MallocTrim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has no malloc_trim either.
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnv(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int MallOpt(int parameter, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint pad);
}
