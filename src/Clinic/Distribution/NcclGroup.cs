namespace TransformerClinic.Distribution;

/// <summary>
/// Processes that compute on a CUDA device each: NCCL moves floats from device to device, and another group, of MPI,
/// everything else. NCCL adds nothing: its order of addition depends on how many processes there are.
/// </summary>
internal sealed class NcclGroup : ProcessGroup
{
    private const int IdBytes = 128; // NCCL_UNIQUE_ID_BYTES

    private readonly ProcessGroup _processes;
    private readonly INccl _nccl;
    private readonly TimeSpan _patience;
    private string _place = "the start";

    private NcclGroup(ProcessGroup processes, INccl nccl, TimeSpan patience) =>
        (_processes, _nccl, _patience) = (processes, nccl, patience);

    /// <inheritdoc/>
    public override int Rank => _processes.Rank;

    /// <inheritdoc/>
    public override int Count => _processes.Count;

    /// <inheritdoc/>
    public override string Engine => $"{_processes.Engine}, {_nccl.Version}";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Hosts => _processes.Hosts;

    /// <summary>Enters the group; all processes do.</summary>
    /// <param name="processes">The processes; not owned.</param>
    /// <param name="nccl">The library; owned.</param>
    /// <param name="patience">How long processes wait for each other.</param>
    /// <exception cref="ProcessGroupException">A process does not come, or NCCL fails in this one.</exception>
    public static NcclGroup Enter(ProcessGroup processes, INccl nccl, TimeSpan patience)
    {
        try
        {
            processes.Meet("the start on devices");
            var id = processes.IsFirst ? nccl.NewId() : new byte[IdBytes];
            processes.Broadcast(id);
            nccl.Enter(id, processes.Rank, processes.Count);
            return new NcclGroup(processes, nccl, patience);
        }
        catch
        {
            nccl.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Meet(string place)
    {
        _place = place;
        _processes.Meet(place);
    }

    /// <inheritdoc/>
    public override void WaitForAll() => _processes.WaitForAll();

    /// <inheritdoc/>
    public override void Broadcast(Span<byte> bytes, int from = 0)
    {
        _processes.Broadcast(bytes, from);
        CountSent(Rank == from ? (long)bytes.Length * (Count - 1) : 0);
    }

    /// <inheritdoc/>
    public override void BroadcastFloats(nint floats, long count)
    {
        Do("the broadcast", () => _nccl.Broadcast(floats, count, from: 0));
        CountSent(IsFirst ? count * sizeof(float) * (Count - 1) : 0);
    }

    /// <inheritdoc/>
    public override void AllToAll(
        nint send,
        ReadOnlySpan<int> sendCounts,
        nint receive,
        ReadOnlySpan<int> receiveCounts
    )
    {
        var (outgoing, incoming) = (sendCounts.ToArray(), receiveCounts.ToArray());
        Do(
            "the exchange of gradients",
            () =>
            {
                for (var rank = 0; rank < Count; rank++)
                {
                    if (outgoing[rank] > 0)
                    {
                        _nccl.Send(send, outgoing[rank], rank);
                        send += (nint)outgoing[rank] * sizeof(float);
                    }

                    if (incoming[rank] > 0)
                    {
                        _nccl.Receive(receive, incoming[rank], rank);
                        receive += (nint)incoming[rank] * sizeof(float);
                    }
                }
            }
        );
        CountSent(sizeof(float) * (outgoing.Sum(count => (long)count) - outgoing[Rank]));
    }

    /// <inheritdoc/>
    public override void GatherInPlace(nint all, ReadOnlySpan<int> counts)
    {
        var lengths = counts.ToArray();
        Do(
            "the exchange of weights",
            () =>
            {
                for (var rank = 0; rank < Count; rank++)
                {
                    if (lengths[rank] > 0)
                    {
                        _nccl.Broadcast(all, lengths[rank], rank);
                        all += (nint)lengths[rank] * sizeof(float);
                    }
                }
            }
        );
        CountSent((long)lengths[Rank] * sizeof(float) * (Count - 1));
    }

    /// <inheritdoc/>
    public override void Abort(int exitCode) => _processes.Abort(exitCode);

    /// <inheritdoc/>
    protected override void Gather(ReadOnlySpan<byte> mine, Span<byte> all)
    {
        _processes.Gather(mine).CopyTo(all);
        CountSent((long)mine.Length * (Count - 1));
    }

    /// <summary>Leaves NCCL, but not the group of the processes.</summary>
    protected override void Dispose(bool disposing)
    {
        _nccl.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Queues operations, and waits until the device has done them.</summary>
    private void Do(string what, Action work)
    {
        _nccl.Together(work);
        if (Waiting.Until(_nccl.IsDone, _patience))
        {
            return;
        }

        _processes.Meet($"{_place} ({what})"); // names whoever is missing
        throw new ProcessGroupException(
            $"{what} at {_place} has not ended within {MissingProcesses.Words(_patience)} (distributed.patience), "
                + "although all processes are there: NCCL does not get through from device to device. NCCL_DEBUG=INFO "
                + "makes it say how it tries. All processes end; run the same command again to resume from the newest "
                + "checkpoint."
        );
    }
}
