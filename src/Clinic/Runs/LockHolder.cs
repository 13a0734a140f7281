using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Serialization;
using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Runs;

/// <summary>Which process works in a run folder, for the message to another that would.</summary>
/// <param name="Process">Its number.</param>
/// <param name="Command">Its command line.</param>
/// <param name="Machine">The machine that it runs on.</param>
/// <param name="Since">When it took the folder.</param>
internal sealed record LockHolder(int Process, string Command, string Machine, DateTimeOffset Since)
{
    /// <summary>The file in the run folder.</summary>
    public const string FileName = ".lock-holder.json";

    /// <summary>Whether it may still work there: the processes of other machines cannot be seen.</summary>
    [JsonIgnore]
    public bool MayBeAlive => Machine != Environment.MachineName || IsAlive(Process);

    /// <summary>This process.</summary>
    public static LockHolder ThisProcess() =>
        new(Environment.ProcessId, Environment.CommandLine, Environment.MachineName, DateTimeOffset.Now);

    /// <summary>
    /// What was written into a folder, or null where nothing can be read, or it names a process of this machine that
    /// has ended.
    /// </summary>
    public static LockHolder? Read(string folder)
    {
        try
        {
            var holder = Json.Read<LockHolder>(Path.Combine(folder, FileName));
            return holder.MayBeAlive ? holder : null;
        }
        catch (Exception exception) when (exception is UserErrorException or IOException)
        {
            return null;
        }
    }

    /// <summary>Writes it into a folder.</summary>
    public void Write(string folder) => Json.Write(Path.Combine(folder, FileName), this);

    /// <summary>Removes it from a folder that may be gone.</summary>
    public static void Remove(string folder)
    {
        try
        {
            File.Delete(Path.Combine(folder, FileName));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It only describes a lock; the lock itself goes with the process.
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"process {Process} on {Machine} since {Since:yyyy-MM-dd HH:mm:ss}, {Command}"
        );

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = System.Diagnostics.Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (Win32Exception)
        {
            return true; // it is there, but may not be looked at
        }
    }
}
