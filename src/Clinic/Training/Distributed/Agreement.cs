using System.Runtime.InteropServices;
using System.Text;
using TransformerClinic.Common;
using TransformerClinic.Distribution;
using TransformerClinic.Files;

namespace TransformerClinic.Training.Distributed;

/// <summary>
/// Work before the first update that one process may refuse: all learn of it and refuse it too, instead of waiting for
/// the one that has gone.
/// </summary>
internal static class Agreement
{
    private enum Outcome
    {
        Done,
        Refused,
        Canceled,
    }

    /// <summary>Each process does the same work.</summary>
    /// <exception cref="UserErrorException">It was refused in one of them.</exception>
    /// <exception cref="OperationCanceledException">It was canceled in one of them.</exception>
    public static T Of<T>(ProcessGroup group, Func<T> work)
    {
        if (group.Count == 1)
        {
            return work();
        }

        var (outcome, words, result) = (Outcome.Done, "", default(T));
        UserErrorException? own = null;
        try
        {
            result = work();
        }
        catch (UserErrorException exception)
        {
            (outcome, words, own) = (Outcome.Refused, exception.Message, exception);
        }
        catch (OperationCanceledException)
        {
            outcome = Outcome.Canceled;
        }

        group.WaitForAll();
        var outcomes = group.Gather<int>([(int)outcome]);
        var refused = Array.FindIndex(outcomes, other => other == (int)Outcome.Refused);
        if (refused >= 0)
        {
            words = Encoding.UTF8.GetString(Bytes(group, Encoding.UTF8.GetBytes(words), refused));
            throw refused == 0
                ? own ?? new UserErrorException(words)
                : new UserErrorException($"rank {refused} on {group.Hosts[refused]}: {words}");
        }

        return Array.Exists(outcomes, other => other == (int)Outcome.Canceled)
            ? throw new OperationCanceledException("A process of the group was asked to stop.")
            : result!;
    }

    /// <summary>The first process does some work, and all get its result.</summary>
    /// <exception cref="UserErrorException">It was refused.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public static T OfFirst<T>(ProcessGroup group, Func<T> work)
    {
        var result = Of(group, () => group.IsFirst ? work() : default);
        return group.Count == 1
            ? result!
            : Json.FromLine<T>(Encoding.UTF8.GetString(Bytes(group, Encoding.UTF8.GetBytes(Json.Line(result)))))!;
    }

    /// <summary>Gives all processes the bytes of one, however many they are.</summary>
    /// <param name="group">The processes.</param>
    /// <param name="mine">What the sending process has; other processes' are not read.</param>
    /// <param name="from">The rank of the process that sends.</param>
    public static byte[] Bytes(ProcessGroup group, byte[] mine, int from = 0)
    {
        var length = mine.Length;
        group.Broadcast(MemoryMarshal.AsBytes(new Span<int>(ref length)), from);
        var bytes = group.Rank == from ? mine : new byte[length];
        group.Broadcast(bytes, from);
        return bytes;
    }
}
