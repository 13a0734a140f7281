namespace TransformerClinic.Tests.Shared;

/// <summary>
/// Temporary files are in memory where Linux offers that and there is plenty of it: tests write thousands of files that
/// are flushed to the disk one by one, and would wait for it most of the time. Processes that they start do the same.
/// </summary>
internal sealed class FilesInMemory
{
    private const string Variable = "TMPDIR";
    private const string Memory = "/dev/shm";
    private const long Enough = 4L << 30;

    public FilesInMemory()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null && IsRoomy())
        {
            Environment.SetEnvironmentVariable(Variable, Memory);
        }
    }

    private static bool IsRoomy() =>
        OperatingSystem.IsLinux()
        && Directory.Exists(Memory)
        && new DriveInfo(Memory).AvailableFreeSpace >= Enough
        && GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >= Enough;
}
