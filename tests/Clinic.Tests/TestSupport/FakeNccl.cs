using TransformerClinic.Distribution;

namespace TransformerClinic.Tests.TestSupport;

/// <summary>
/// NCCL between the threads of a <see cref="ThreadGroup"/>, whose devices are the processor: operations are only moved
/// where all of a group of operations are known, and only between partners that agree.
/// </summary>
internal sealed class FakeNccl(ThreadGroup threads) : INccl
{
    private const int MostOperations = 64;
    private readonly List<Operation> _queue = [];
    private byte[] _id = [];
    private bool _together;

    private enum Kind : long
    {
        None,
        Send,
        Receive,
        Broadcast,
    }

    public string Version => "NCCL of threads";

    /// <summary>Whether the communicator was entered and left again.</summary>
    public bool IsLeft { get; private set; }

    /// <summary>What fails when the communicator is entered; null for nothing.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether the device never gets done.</summary>
    public bool Hangs { get; init; }

    public byte[] NewId() => [.. Enumerable.Range(0, 128).Select(i => (byte)(i + 1))];

    public void Enter(ReadOnlySpan<byte> id, int rank, int count)
    {
        Assert.Equal((threads.Rank, threads.Count), (rank, count));
        _id = id.ToArray();
        if (Failure is not null)
        {
            throw new ProcessGroupException(Failure);
        }

        Assert.All(threads.Gather<byte>(id).Chunk(id.Length), other => Assert.Equal(_id, other));
        Assert.Equal(NewId(), _id);
    }

    public void Together(Action work)
    {
        Assert.NotEmpty(_id);
        Assert.False(_together);
        (_together, IsLeft) = (true, false);
        work();
        _together = false;
        Move();
    }

    public void Send(nint floats, long count, int to) => Queue(new Operation(Kind.Send, floats, count, to));

    public void Receive(nint floats, long count, int from) => Queue(new Operation(Kind.Receive, floats, count, from));

    public void Broadcast(nint floats, long count, int from) =>
        Queue(new Operation(Kind.Broadcast, floats, count, from));

    public bool IsDone() => !Hangs;

    public void Dispose() => IsLeft = true;

    private void Queue(Operation operation)
    {
        Assert.True(_together);
        Assert.InRange(operation.Count, 1, long.MaxValue);
        _queue.Add(operation);
    }

    private void Move()
    {
        var mine = new Operation[MostOperations];
        _queue.CopyTo(mine);
        var all = threads.Gather<Operation>(mine).Chunk(MostOperations).ToArray();
        foreach (var (i, operation) in _queue.Index())
        {
            if (operation.Kind == Kind.Receive)
            {
                var number = _queue[..i]
                    .Count(before => (before.Kind, before.Partner) == (Kind.Receive, operation.Partner));
                var sent = all[operation.Partner]
                    .Where(other => (other.Kind, other.Partner) == (Kind.Send, threads.Rank))
                    .ElementAt(number);
                Copy(sent, operation);
            }
            else if (operation.Kind == Kind.Broadcast && operation.Partner != threads.Rank)
            {
                var number = _queue[..i].Count(before => before.Kind == Kind.Broadcast);
                var sent = all[operation.Partner].Where(other => other.Kind == Kind.Broadcast).ElementAt(number);
                Assert.Equal(operation.Partner, sent.Partner);
                Copy(sent, operation);
            }
        }

        _queue.Clear();
        threads.Gather<byte>([1]); // what was sent stays as it is until all have it
    }

    private static unsafe void Copy(Operation from, Operation to)
    {
        Assert.Equal(from.Count, to.Count);
        var bytes = to.Count * sizeof(float);
        Buffer.MemoryCopy((void*)from.Floats, (void*)to.Floats, bytes, bytes);
    }

    private readonly record struct Operation(Kind Kind, nint Floats, long Count, int Partner);
}
