using System.Globalization;
using TransformerClinic.Common;

namespace TransformerClinic.Distribution;

/// <summary>
/// Which of a machine's CUDA devices a process uses: one each. It then sees no other, so that it needs no number for it
/// and takes no memory of the others.
/// </summary>
/// <param name="Local">This process among those of the group on its machine, from 0.</param>
/// <param name="Visible">What each of those has in <see cref="Variable"/>, in their order; empty for nothing.</param>
internal sealed record DeviceShare(int Local, IReadOnlyList<string> Visible)
{
    /// <summary>The variable by which NVIDIA's driver knows which devices a process may see.</summary>
    public const string Variable = "CUDA_VISIBLE_DEVICES";

    // Of torchrun, Open MPI, Intel MPI and MVAPICH, Slurm.
    private static readonly string[] LocalRanks =
    [
        "LOCAL_RANK",
        "OMPI_COMM_WORLD_LOCAL_RANK",
        "MPI_LOCALRANKID",
        "SLURM_LOCALID",
    ];

    /// <summary>
    /// What launchers say of this process among those on its machine; null where they say nothing.
    /// </summary>
    /// <param name="variable">The value of a variable; null if it is not set.</param>
    /// <exception cref="UserErrorException">It is not a number.</exception>
    public static int? LocalRank(Func<string, string?> variable)
    {
        foreach (var name in LocalRanks)
        {
            if (variable(name) is { Length: > 0 } text)
            {
                return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : throw new UserErrorException(
                        $"{name} is '{text}', but launchers set it to the number of the process on its machine, from 0."
                    );
            }
        }

        return null;
    }

    /// <summary>The share of a process of a group; all processes call it.</summary>
    /// <param name="group">The group.</param>
    /// <param name="variable">The value of a variable; null if it is not set.</param>
    /// <param name="tell">Tells all processes what each of them says.</param>
    /// <exception cref="UserErrorException">The launcher's variables contradict each other.</exception>
    public static DeviceShare Of(
        ProcessGroup group,
        Func<string, string?> variable,
        Func<string, IReadOnlyList<string>> tell
    )
    {
        var locals = group.Gather<int>([LocalRank(variable) ?? -1]);
        var visible = tell(variable(Variable) ?? "");
        var here = Enumerable
            .Range(0, group.Count)
            .Where(rank => group.Hosts[rank] == group.Hosts[group.Rank])
            .ToList();
        if (here.TrueForAll(rank => locals[rank] >= 0))
        {
            here = [.. here.OrderBy(rank => locals[rank])];
        }

        var twice = here.Zip(here.Skip(1)).FirstOrDefault(pair => locals[pair.First] == locals[pair.Second]);
        if (twice != default && locals[twice.First] >= 0)
        {
            throw new UserErrorException(
                $"ranks {twice.First} and {twice.Second} on {group.Hosts[group.Rank]} are both process "
                    + $"{locals[twice.First]} of their machine, by {string.Join(", ", LocalRanks)}: "
                    + "each needs a number, and so a device, of its own."
            );
        }

        return new DeviceShare(here.IndexOf(group.Rank), [.. here.Select(rank => visible[rank])]);
    }

    /// <summary>
    /// What this process is to have in <see cref="Variable"/>; null to leave it as it is, because the launcher has
    /// given each process of the machine devices of its own.
    /// </summary>
    /// <param name="installed">Devices of the machine; null if that is unknown.</param>
    /// <exception cref="UserErrorException">There are more processes than devices.</exception>
    public string? Choice(int? installed)
    {
        var mine = Visible[Local];
        if (mine.Length > 0 && Visible.Count > 1 && Visible.Distinct(StringComparer.Ordinal).Count() == Visible.Count)
        {
            return null;
        }

        string[] devices =
            mine.Length > 0
                ? mine.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                :
                [
                    .. Enumerable
                        .Range(0, installed ?? Local + 1)
                        .Select(i => i.ToString(CultureInfo.InvariantCulture)),
                ];
        return Local < devices.Length
            ? devices[Local]
            : throw new UserErrorException(
                $"{Visible.Count} processes are on this machine, and "
                    + (mine.Length > 0 ? $"{Variable} shows them {mine}" : $"it has {Devices(devices.Length)}")
                    + ": device: cuda needs a device for each process. Start as many processes per machine as it has "
                    + "devices."
            );
    }

    private static string Devices(int count) => count == 1 ? "1 CUDA device" : $"{count} CUDA devices";
}
