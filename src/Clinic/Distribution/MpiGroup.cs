using System.Runtime.InteropServices;
using System.Text;
using TransformerClinic.Common;

namespace TransformerClinic.Distribution;

/// <summary>
/// Processes that a launcher of MPI has started together. Every wait is a loop that asks, with a clock: whoever stays
/// silent is named instead of waited for forever. Only <see cref="WaitForAll"/>, the wait for the sender of a broadcast
/// and that for the end have no limit.
/// </summary>
internal sealed unsafe class MpiGroup : ProcessGroup
{
    /// <summary>The most that one message holds; longer data travel in pieces.</summary>
    public const int MessageBytes = 64 * 1024 * 1024;

    private const int HostBytes = 64;

    private readonly MpiLibrary _mpi;
    private readonly TimeSpan _patience;
    private readonly RollCall _rollCall;
    private readonly int _messageBytes;
    private readonly nint* _request;
    private string _place = "the start";
    private string[] _hosts = [];
    private bool _broken;

    private MpiGroup(MpiLibrary mpi, TimeSpan patience, int messageBytes)
    {
        (_mpi, _patience, _messageBytes) = (mpi, patience, messageBytes);
        (Rank, Count) = (mpi.Rank(), mpi.Count());
        Engine = mpi.Version();
        _request = (nint*)NativeMemory.AllocZeroed(1, (nuint)sizeof(nint));
        _rollCall = new RollCall(mpi, Rank, Count, patience);
    }

    /// <inheritdoc/>
    public override int Rank { get; }

    /// <inheritdoc/>
    public override int Count { get; }

    /// <inheritdoc/>
    public override string Engine { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Hosts => _hosts;

    /// <summary>Enters the group of a launch.</summary>
    /// <param name="launch">The launch.</param>
    /// <param name="patience">How long processes wait for each other.</param>
    /// <param name="messageBytes">The most that one message holds.</param>
    /// <exception cref="UserErrorException">
    /// There is no library, or it knows another number of processes than the launcher has started.
    /// </exception>
    /// <exception cref="ProcessGroupException">MPI fails.</exception>
    public static MpiGroup Enter(Launch launch, TimeSpan patience, int messageBytes = MessageBytes)
    {
        var mpi = Entered(launch);
        var group = new MpiGroup(mpi, patience, messageBytes);
        if (launch.Count is { } started && started != group.Count)
        {
            group.Dispose(); // each process has entered a group of its own
            throw new UserErrorException(
                $"{launch.Launcher} has started {started} processes, but {group.Engine} ({mpi.File}) knows of "
                    + $"{group.Count}: launcher and library are of different implementations of MPI. Start the "
                    + $"processes with the launcher of {group.Engine}, or name the launcher's own library in the "
                    + $"variable {MpiLibrary.Variable}."
            );
        }

        group._hosts = group.GatherHosts();
        return group;
    }

    /// <inheritdoc/>
    public override void Meet(string place)
    {
        _place = place;
        if (_rollCall.Missing() is { } missing)
        {
            throw Broken(missing.Words(Hosts, place, _patience));
        }
    }

    /// <inheritdoc/>
    public override void WaitForAll()
    {
        _mpi.Barrier(_request);
        Waiting.Until(() => _mpi.Test(_request), patience: null);
    }

    /// <inheritdoc/>
    public override void Broadcast(Span<byte> bytes, int from = 0)
    {
        fixed (byte* start = bytes)
        {
            for (var sent = 0L; sent < bytes.Length; sent += _messageBytes)
            {
                _mpi.Broadcast(start + sent, (int)Math.Min(_messageBytes, bytes.Length - sent), from, _request);
                Await("the broadcast", Rank != from && sent == 0 ? null : _patience);
            }
        }

        CountSent(Rank == from ? (long)bytes.Length * (Count - 1) : 0);
    }

    /// <inheritdoc/>
    public override void AllToAll(
        nint send,
        ReadOnlySpan<int> sendCounts,
        nint receive,
        ReadOnlySpan<int> receiveCounts
    )
    {
        RequireSmall(sendCounts);
        RequireSmall(receiveCounts);
        var (sendPlaces, receivePlaces) = (Places(sendCounts), Places(receiveCounts));
        fixed (
            int* counts = sendCounts,
                places = sendPlaces,
                counts2 = receiveCounts,
                places2 = receivePlaces
        )
        {
            _mpi.AllToAll((void*)send, counts, places, (void*)receive, counts2, places2, _request);
            Await("the exchange of gradients", _patience);
        }

        CountSent((Places(sendCounts)[^1] + sendCounts[^1] - (long)sendCounts[Rank]) * sizeof(float));
    }

    /// <inheritdoc/>
    public override void GatherInPlace(nint all, ReadOnlySpan<int> counts)
    {
        var places = Places(counts);
        var (rest, round) = (counts.ToArray(), new int[counts.Length]);
        while (rest.Any(count => count > 0))
        {
            for (var rank = 0; rank < rest.Length; rank++)
            {
                round[rank] = Math.Min(rest[rank], _messageBytes / sizeof(float));
            }

            fixed (
                int* roundCounts = round,
                    roundPlaces = places
            )
            {
                _mpi.GatherInPlace((void*)all, roundCounts, roundPlaces, _request);
                Await("the exchange of weights", _patience);
            }

            for (var rank = 0; rank < rest.Length; rank++)
            {
                (places[rank], rest[rank]) = (places[rank] + round[rank], rest[rank] - round[rank]);
            }
        }

        CountSent((long)counts[Rank] * sizeof(float) * (Count - 1));
    }

    /// <summary>
    /// Adds the floats of all processes in an order that the library chooses: for comparison in measurements only.
    /// </summary>
    public void LibrarySum(nint mine, nint sum, int count) => _mpi.Sum((void*)mine, (void*)sum, count);

    /// <inheritdoc/>
    public override void Abort(int exitCode)
    {
        _broken = true;
        ProcessEnd.AtTheLatest(exitCode);
        _mpi.Abort(exitCode);
    }

    /// <inheritdoc/>
    public override void Leave(int exitCode)
    {
        WaitForAll(); // the first may still be at work for long; only then is everybody done
        ProcessEnd.AtTheLatest(exitCode);
        Dispose();
    }

    /// <inheritdoc/>
    protected override void Gather(ReadOnlySpan<byte> mine, Span<byte> all)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mine.Length, int.MaxValue / Count);
        fixed (
            byte* from = mine,
                to = all
        )
        {
            _mpi.Gather(from, to, mine.Length, _request);
            Await("the exchange of results", _patience);
        }

        CountSent((long)mine.Length * (Count - 1));
    }

    /// <summary>
    /// Waits for all others and leaves; a group in which somebody is missing, or that was aborted, is left as it is.
    /// </summary>
    protected override void Dispose(bool disposing)
    {
        if (!_broken)
        {
            WaitForAll();
            _broken = true;
            _mpi.Leave();
            _rollCall.Dispose();
            NativeMemory.Free(_request);
        }

        base.Dispose(disposing);
    }

    private static MpiLibrary Entered(Launch launch)
    {
        using var handlers = new SignalHandlers();
        var mpi = MpiLibrary.Load(launch);
        mpi.Enter();
        return mpi;
    }

    private string[] GatherHosts()
    {
        var mine = new byte[HostBytes];
        var name = Encoding.UTF8.GetBytes(Environment.MachineName);
        name.AsSpan(0, Math.Min(name.Length, HostBytes)).CopyTo(mine);
        return [.. Gather<byte>(mine).Chunk(HostBytes).Select(host => Encoding.UTF8.GetString(host).TrimEnd('\0'))];
    }

    private void Await(string what, TimeSpan? patience)
    {
        if (Waiting.Until(() => _mpi.Test(_request), patience))
        {
            return;
        }

        // All who still answer have waited for the same, and call the roll; whoever does not is the one.
        throw _hosts.Length > 0 && _rollCall.Missing() is { } missing
            ? Broken(missing.Words(Hosts, $"{_place} ({what})", _patience))
            : Broken(
                $"{what} after {_place} has not ended within {MissingProcesses.Words(_patience)} "
                    + "(distributed.patience): the network does not answer. All processes end; run the same command "
                    + "again to resume from the newest checkpoint."
            );
    }

    private ProcessGroupException Broken(string words)
    {
        _broken = true;
        return new ProcessGroupException(words);
    }

    private static void RequireSmall(ReadOnlySpan<int> counts)
    {
        foreach (var count in counts)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(count, int.MaxValue / sizeof(float));
        }
    }

    /// <summary>Where each stretch begins.</summary>
    private static int[] Places(ReadOnlySpan<int> counts)
    {
        var places = new int[counts.Length];
        for (var rank = 1; rank < places.Length; rank++)
        {
            places[rank] = checked(places[rank - 1] + counts[rank - 1]);
        }

        return places;
    }
}
