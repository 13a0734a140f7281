using System.Runtime.ExceptionServices;
using TransformerClinic.Distribution;

namespace TransformerClinic.Tests.TestSupport;

/// <summary>
/// A group whose processes are threads of this one, which read each other's memory. When one of them fails, all do,
/// as in a real group.
/// </summary>
internal sealed class ThreadGroup : ProcessGroup
{
    private readonly Meeting _meeting;

    private ThreadGroup(int rank, Meeting meeting) => (Rank, _meeting) = (rank, meeting);

    public override int Rank { get; }

    public override int Count => _meeting.Slots.Length;

    public override string Engine => "threads";

    public override IReadOnlyList<string> Hosts => [.. Enumerable.Range(1, Count).Select(i => $"node{(i + 1) / 2}")];

    /// <summary>Runs the same work in each process.</summary>
    /// <returns>What each came to.</returns>
    public static T[] Run<T>(int count, Func<ThreadGroup, T> work)
    {
        using var meeting = new Meeting(count);
        var results = new T[count];
        var failures = new Exception?[count];
        Thread[] threads =
        [
            .. Enumerable
                .Range(0, count)
                .Select(rank => new Thread(() =>
                {
                    using var group = new ThreadGroup(rank, meeting);
                    try
                    {
                        results[rank] = work(group);
                    }
#pragma warning disable CA1031 // Any failure is thrown again below.
                    catch (Exception exception)
#pragma warning restore CA1031
                    {
                        failures[rank] = exception;
                        group.Abort(1);
                    }
                })),
        ];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        var failure =
            failures.FirstOrDefault(found => found is not null and not ProcessGroupException)
            ?? failures.FirstOrDefault(found => found is not null);
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return results;
    }

    public override void Meet(string place) =>
        Exchange(place, places => Assert.All(places, other => Assert.Equal(place, other)));

    public override unsafe void Broadcast(Span<byte> bytes, int from = 0)
    {
        fixed (byte* start = bytes)
        {
            var (mine, length) = ((nint)start, bytes.Length);
            Exchange(
                (mine, length),
                all =>
                {
                    Assert.Equal(length, all[from].length);
                    if (Rank != from)
                    {
                        Copy(all[from].mine, mine, length);
                    }
                }
            );
        }

        CountSent(Rank == from ? (long)bytes.Length * (Count - 1) : 0);
    }

    public override void AllToAll(
        nint send,
        ReadOnlySpan<int> sendCounts,
        nint receive,
        ReadOnlySpan<int> receiveCounts
    )
    {
        var (outgoing, incoming) = (sendCounts.ToArray(), receiveCounts.ToArray());
        Exchange(
            (send, outgoing),
            all =>
            {
                var place = receive;
                for (var rank = 0; rank < Count; rank++)
                {
                    var (theirs, counts) = all[rank];
                    Assert.Equal(counts[Rank], incoming[rank]);
                    var length = counts[Rank] * sizeof(float);
                    Copy(theirs + (counts[..Rank].Sum() * sizeof(float)), place, length);
                    place += length;
                }
            }
        );
        CountSent((long)sizeof(float) * (outgoing.Sum() - outgoing[Rank]));
    }

    public override void GatherInPlace(nint all, ReadOnlySpan<int> counts)
    {
        var lengths = counts.ToArray();
        Exchange(
            all,
            addresses =>
            {
                var offset = 0;
                for (var rank = 0; rank < Count; rank++)
                {
                    if (rank != Rank)
                    {
                        Copy(addresses[rank] + offset, all + offset, lengths[rank] * sizeof(float));
                    }

                    offset += lengths[rank] * sizeof(float);
                }
            }
        );
        CountSent((long)sizeof(float) * lengths[Rank] * (Count - 1));
    }

    public override void Abort(int exitCode) => _meeting.Abort();

    protected override unsafe void Gather(ReadOnlySpan<byte> mine, Span<byte> all)
    {
        fixed (byte* target = all)
        {
            var place = (nint)target;
            Exchange(
                mine.ToArray(),
                every =>
                {
                    foreach (var (rank, bytes) in every.Index())
                    {
                        Assert.Equal(every[0].Length, bytes.Length);
                        bytes.CopyTo(new Span<byte>((byte*)place + (rank * bytes.Length), bytes.Length));
                    }
                }
            );
        }

        CountSent((long)mine.Length * (Count - 1));
    }

    private static unsafe void Copy(nint from, nint to, int bytes) =>
        new ReadOnlySpan<byte>((byte*)from, bytes).CopyTo(new Span<byte>((byte*)to, bytes));

    /// <summary>Shows the others something, works with what they show, and waits until all have.</summary>
    private void Exchange<T>(T mine, Action<T[]> work)
    {
        _meeting.Slots[Rank] = mine;
        _meeting.Wait();
        try
        {
            work([.. _meeting.Slots.Select(slot => Assert.IsType<T>(slot))]);
        }
        catch
        {
            _meeting.Abort();
            throw;
        }

        _meeting.Wait();
    }

    /// <summary>What the threads share.</summary>
    private sealed class Meeting(int count) : IDisposable
    {
        private readonly Barrier _barrier = new(count);
        private readonly CancellationTokenSource _aborted = new();

        public object?[] Slots { get; } = new object?[count];

        public void Wait()
        {
            try
            {
                if (!_barrier.SignalAndWait(TimeSpan.FromMinutes(2), _aborted.Token))
                {
                    throw new ProcessGroupException("A thread of the group has not come for two minutes.");
                }
            }
            catch (OperationCanceledException exception)
            {
                throw new ProcessGroupException("A thread of the group has failed.", exception);
            }
        }

        public void Abort() => _aborted.Cancel();

        public void Dispose()
        {
            _barrier.Dispose();
            _aborted.Dispose();
        }
    }
}
