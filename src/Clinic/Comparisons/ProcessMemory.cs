using System.Runtime.InteropServices;

namespace TransformerClinic.Comparisons;

/// <summary>The memory of this process.</summary>
internal static partial class ProcessMemory
{
    /// <summary>Bytes of it that are in memory now.</summary>
    public static long WorkingSet => Environment.WorkingSet;

    /// <summary>
    /// Gives back what is not used any more, as far as the system allows, so that one training does not count what
    /// another has left behind.
    /// </summary>
    public static void Release()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        if (OperatingSystem.IsLinux())
        {
            try
            {
                _ = Trim(0);
            }
            catch (EntryPointNotFoundException) { } // of glibc; other C libraries keep less
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);
}
