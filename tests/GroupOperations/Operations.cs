using System.Diagnostics;
using TransformerClinic.Distribution;

namespace TransformerClinic.GroupOperations;

/// <summary>What a test asks of a group; each process checks what it received.</summary>
internal sealed unsafe class Operations(ProcessGroup group)
{
    /// <summary>So small that everything travels in many messages.</summary>
    public const int MessageBytes = 4096;

    /// <summary>Performs one of them by its name.</summary>
    public void Run(string operation)
    {
        switch (operation)
        {
            case "properties":
                Broadcasts();
                Gathers();
                for (var seed = 0; seed < 20; seed++)
                {
                    Stretches(seed);
                    GathersInPlace(seed);
                }

                CountsWhatItSends();
                group.Meet("the end");
                Say($"all holds on {group.Hosts[group.Rank]}");
                break;
            case "errors":
                Errors();
                break;
            case "abort":
                group.Meet("the abort");
                if (group.Rank == group.Count - 1)
                {
                    group.Abort(7);
                }

                Meetings(int.MaxValue);
                break;
            case "meet":
                Meetings(int.MaxValue);
                break;
            case "wait":
                Wait();
                break;
            default:
                throw new ArgumentException(operation);
        }
    }

    private void Broadcasts()
    {
        foreach (var length in (int[])[0, 1, MessageBytes, MessageBytes + 1, 5_000_003])
        {
            for (var from = 0; from < group.Count; from++)
            {
                var bytes = new byte[length];
                var wanted = new byte[length];
                new Random(length + from).NextBytes(wanted);
                if (group.Rank == from)
                {
                    wanted.CopyTo(bytes, 0);
                }

                group.Broadcast(bytes, from);
                Require(bytes.AsSpan().SequenceEqual(wanted), $"broadcast of {length} bytes from {from}");
            }
        }
    }

    private void Gathers()
    {
        foreach (var length in (int[])[0, 1, 3, 10_000])
        {
            var all = group.Gather<double>([.. Enumerable.Range(0, length).Select(i => Of(group.Rank, i))]);
            var wanted = Enumerable
                .Range(0, group.Count)
                .SelectMany(rank => Enumerable.Range(0, length).Select(i => (double)Of(rank, i)));
            Require(all.SequenceEqual(wanted), $"gather of {length} numbers");
        }
    }

    /// <summary>Every process sends each one another number of floats, none to some.</summary>
    private void Stretches(int seed)
    {
        var counts = Counts(seed, group.Count * group.Count);
        int Count(int from, int to) => counts[(from * group.Count) + to];
        var (me, ranks) = (group.Rank, Enumerable.Range(0, group.Count).ToArray());
        var send = ranks.SelectMany(to => Enumerable.Range(0, Count(me, to)).Select(i => Of(me, to, i))).ToArray();
        var wanted = ranks.SelectMany(from => Enumerable.Range(0, Count(from, me)).Select(i => Of(from, me, i)));
        var receive = new float[ranks.Sum(from => Count(from, me))];
        fixed (
            float* sendStart = send,
                receiveStart = receive
        )
        {
            group.AllToAll(
                (nint)sendStart,
                [.. ranks.Select(to => Count(me, to))],
                (nint)receiveStart,
                [.. ranks.Select(from => Count(from, me))]
            );
        }

        Require(receive.SequenceEqual(wanted), $"stretches of seed {seed}");
    }

    private void GathersInPlace(int seed)
    {
        var counts = Counts(seed, group.Count);
        var wanted = counts.SelectMany((count, rank) => Enumerable.Range(0, count).Select(i => Of(rank, i))).ToArray();
        var all = new float[wanted.Length];
        var start = counts.Take(group.Rank).Sum();
        wanted.AsSpan(start, counts[group.Rank]).CopyTo(all.AsSpan(start));
        fixed (float* first = all)
        {
            group.GatherInPlace((nint)first, counts);
        }

        Require(all.AsSpan().SequenceEqual(wanted), $"gather in place of seed {seed}");
    }

    private void CountsWhatItSends()
    {
        const int each = 1000;
        var (counts, before) = (Enumerable.Repeat(each, group.Count).ToArray(), group.BytesSent);
        var (send, receive) = (new float[each * group.Count], new float[each * group.Count]);
        fixed (
            float* sendStart = send,
                receiveStart = receive
        )
        {
            group.AllToAll((nint)sendStart, counts, (nint)receiveStart, counts);
            group.GatherInPlace((nint)receiveStart, counts);
        }

        Require(group.BytesSent - before == 2L * each * sizeof(float) * (group.Count - 1), "bytes sent");
    }

    /// <summary>An error of the library is an exception with its words, and the group continues.</summary>
    private void Errors()
    {
        try
        {
            group.Broadcast(new byte[1], from: 99);
            Require(false, "a broadcast from a rank that does not exist");
        }
        catch (ProcessGroupException error)
        {
            Say($"error: {error.Message.ReplaceLineEndings(" ")}");
        }

        // .NET finds null references by a signal that a library of MPI may want as well.
        try
        {
            Say(Nothing()!.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        catch (NullReferenceException)
        {
            Say("null is found");
        }

        group.Meet("the end");
    }

    private static string? Nothing() => Environment.GetEnvironmentVariable("THIS_IS_NOT_SET");

    /// <summary>Meets until somebody does not come.</summary>
    private void Meetings(int count)
    {
        for (var i = 1; i <= count; i++)
        {
            group.Meet($"meeting {i}");
            if (i == 3)
            {
                Say($"meeting {i}: process {Environment.ProcessId}");
            }

            Thread.Sleep(5);
        }
    }

    /// <summary>The first process is late; the others say which share of the processor waiting took.</summary>
    private void Wait()
    {
        group.Meet("the wait");
        using var process = Process.GetCurrentProcess();
        var (clock, before) = (Stopwatch.StartNew(), process.TotalProcessorTime);
        if (group.IsFirst)
        {
            Thread.Sleep(2000);
        }

        group.Broadcast(new byte[1]);
        process.Refresh();
        Say($"busy {100 * (process.TotalProcessorTime - before) / clock.Elapsed:0} %");
    }

    private void Require(bool holds, string what)
    {
        if (!holds)
        {
            Console.Error.WriteLine($"rank {group.Rank}: wrong: {what}");
            group.Abort(1);
        }
    }

    private void Say(string line) => Console.Out.WriteLine($"rank {group.Rank}: {line}");

    private static int[] Counts(int seed, int length)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => Math.Max(random.Next(5000) - 1000, 0))];
    }

    private static float Of(params ReadOnlySpan<int> numbers)
    {
        var hash = 17;
        foreach (var number in numbers)
        {
            hash = unchecked((hash * 31) + number);
        }

        return hash;
    }
}
