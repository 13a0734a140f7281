using System.Globalization;

namespace TransformerClinic.Distribution;

/// <summary>
/// Whether the processes of a group can use the processors of their machines: launchers may pin each to one of them, or
/// several processes may each want all.
/// </summary>
/// <param name="Allowed">Processors that this process may use.</param>
/// <param name="OfLauncher">Processors that the process which started it may use; 0 if that is unknown.</param>
/// <param name="Neighbors">Processes of the group on this machine, this one included.</param>
/// <param name="Threads">Threads that the recipe wants in each process; 0 for one per processor.</param>
internal sealed record ProcessorUse(int Allowed, int OfLauncher, int Neighbors, int Threads)
{
    /// <summary>What is wrong, in words; null if nothing is.</summary>
    public string? Warning =>
        Threads == 0 && (long)Allowed * Neighbors < OfLauncher
            ? $"each process may use only {Of(Allowed, "processor")}, although its launcher may use {OfLauncher} for "
                + $"{Neighbors} on this machine: it pins them. {NotPinned}"
        : Threads > Allowed
            ? $"a process may use only {Of(Allowed, "processor")} for {Of(Threads, "thread")}. {NotPinned}"
        : Allowed == OfLauncher && Neighbors > 1 && (Threads == 0 || (long)Threads * Neighbors > Allowed)
            ? $"{Neighbors} processes on this machine share {Of(Allowed, "processor")}, each with "
                + $"{Of(Threads == 0 ? Allowed : Threads, "thread")}: set threads so that each processor has one."
        : null;

    private static string NotPinned =>
        "Let Open MPI's mpirun bind to none, or give each task of Slurm its processors (docs/clusters.md).";

    /// <summary>That of this process.</summary>
    /// <param name="group">Its group.</param>
    /// <param name="threads">Threads that the recipe wants in each process; 0 for one per processor.</param>
    public static ProcessorUse Of(ProcessGroup group, int threads) =>
        new(
            Status("self", "Cpus_allowed_list") is { } mine ? Length(mine) : Environment.ProcessorCount,
            Status("self", "PPid") is { } parent && Status(parent, "Cpus_allowed_list") is { } its ? Length(its) : 0,
            group.Hosts.Count(host => host == group.Hosts[group.Rank]),
            threads
        );

    /// <summary>How many numbers a list such as <c>0-3,8</c> has.</summary>
    internal static int Length(string list) =>
        list.Split(',')
            .Select(range => range.Split('-'))
            .Where(ends => ends.All(end => int.TryParse(end, CultureInfo.InvariantCulture, out _)))
            .Sum(ends =>
                int.Parse(ends[^1], CultureInfo.InvariantCulture) - int.Parse(ends[0], CultureInfo.InvariantCulture) + 1
            );

    private static string? Status(string process, string name)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/status")
                .FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.Ordinal))
                ?[(name.Length + 1)..].Trim();
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            return null; // another system, or the parent has ended
        }
    }

    private static string Of(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
