using System.Diagnostics;
using System.Globalization;

namespace TransformerClinic.Cli.Tests;

/// <summary>A file system of a few megabytes, in memory; only root may mount one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    /// <summary>Mounts one, or says why that cannot be done.</summary>
    public static SmallDisk? Mount(string path, long bytes, out string why)
    {
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            why = "a small disk can only be mounted by root on Linux";
            return null;
        }

        why = Mount($"size={bytes}", path);
        return why.Length == 0 ? new SmallDisk(path) : null;
    }

    /// <summary>Makes room on it.</summary>
    public void Grow(long bytes) => Assert.Equal("", Mount($"remount,size={bytes}", Path));

    public void Dispose() => Run("umount", ["--lazy", Path]);

    private static string Mount(string options, string path) =>
        Run("mount", ["-t", "tmpfs", "-o", options, "tmpfs", path]);

    /// <summary>The command's complaint; empty if it succeeded.</summary>
    private static string Run(string command, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"{command}: exit code {process.ExitCode}: {error}");
    }
}
