using TransformerClinic.Common;
using TransformerClinic.Distribution;

namespace TransformerClinic.Cli;

/// <summary>Work that the processes of a launch do together, and how they end.</summary>
internal static class ProcessesTogether
{
    // If the first process fails in the same way, it says so for all and ends them before this is over.
    private static readonly TimeSpan TurnOfTheFirst = TimeSpan.FromSeconds(1);

    /// <summary>Whether a launcher has started this process, perhaps with others.</summary>
    public static bool AreLaunched => OfEnvironment() is not null;

    /// <summary>
    /// Does work in the group of this launch. If it fails in one process, that one says why and ends all of them with
    /// its exit code, because the others would wait for it.
    /// </summary>
    /// <exception cref="UserErrorException">There is no such group.</exception>
    public static int Run(DistributedOptions options, Func<ProcessGroup, int> work)
    {
        var group = ProcessGroups.OfLaunch(options);
        var hasReturned = false;
        var code = Failures.Guard(
            () =>
            {
                var result = work(group);
                hasReturned = true;
                return result;
            },
            Console.Error
        );
        if (hasReturned)
        {
            group.Leave(code);
        }
        else
        {
            group.Abort(code);
        }

        return code;
    }

    /// <summary>Requires that a launcher has not started several processes.</summary>
    /// <param name="verb">What they would do, as the user calls it.</param>
    /// <exception cref="UserErrorException">It has.</exception>
    public static void RequireOne(string verb)
    {
        if (Launch.OfEnvironment() is { } launch && (launch.Count > 1 || launch.Rank > 0))
        {
            throw new UserErrorException(
                $"{verb} runs in one process, but {launch.Launcher} has started "
                    + $"{(launch.Count is { } count ? $"{count}" : "several")}. Start it without the launcher; with "
                    + $"{MpiLibrary.Variable}={MpiLibrary.None} in its environment, a process does not belong to the "
                    + "launcher that started its parent."
            );
        }
    }

    /// <summary>
    /// Who speaks, for a message about a failure: empty in a process by itself and in the first of several. The others
    /// let the first one speak first.
    /// </summary>
    public static string Speaker()
    {
        if (OfEnvironment() is not { Rank: > 0 } launch)
        {
            return "";
        }

        Thread.Sleep(TurnOfTheFirst);
        return $"rank {launch.Rank} on {Environment.MachineName}: ";
    }

    private static Launch? OfEnvironment()
    {
        try
        {
            return Launch.OfEnvironment();
        }
        catch (UserErrorException)
        {
            return null; // whoever needs it says what is wrong with the variables
        }
    }
}
