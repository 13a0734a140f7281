using System.Runtime.InteropServices;

namespace TransformerClinic.Distribution;

/// <summary>
/// The processes that train one model together. It only moves bytes: what is added, and in which order, is decided by
/// who uses it, so that no result depends on the engine below. All processes call the same operations in the same
/// order, each from one thread. Counts are of elements.
/// </summary>
internal abstract class ProcessGroup : IDisposable
{
    private long _sent;

    /// <summary>This process, from 0.</summary>
    public abstract int Rank { get; }

    /// <summary>How many processes there are.</summary>
    public abstract int Count { get; }

    /// <summary>What moves the bytes, for people, such as "Open MPI 4.1.4"; empty for a group of one.</summary>
    public abstract string Engine { get; }

    /// <summary>The machine of each process.</summary>
    public abstract IReadOnlyList<string> Hosts { get; }

    /// <summary>Whether this process is the first, which writes all files.</summary>
    public bool IsFirst => Rank == 0;

    /// <summary>Bytes that this process has sent to others so far.</summary>
    public long BytesSent => _sent;

    /// <summary>
    /// Waits until all processes are here. Whoever does not come within the group's patience is named by all others.
    /// </summary>
    /// <param name="place">What the processes are about to do, such as "update 812", for messages.</param>
    /// <exception cref="ProcessGroupException">A process does not come.</exception>
    public abstract void Meet(string place);

    /// <summary>
    /// Waits until all processes are here, for as long as it takes: for work of one of them that may be long, such as
    /// preparing text.
    /// </summary>
    /// <exception cref="ProcessGroupException">The group fails.</exception>
    public virtual void WaitForAll() { }

    /// <summary>Gives all processes the bytes of one.</summary>
    /// <param name="bytes">What is sent by <paramref name="from"/>, and overwritten in all others.</param>
    /// <param name="from">The rank of the process that has them.</param>
    /// <exception cref="ProcessGroupException">They do not arrive.</exception>
    public abstract void Broadcast(Span<byte> bytes, int from = 0);

    /// <summary>Gives all processes the first one's floats.</summary>
    /// <param name="floats">Address of the floats, in the memory of the device that the group moves.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ProcessGroupException">They do not arrive.</exception>
    public virtual unsafe void BroadcastFloats(nint floats, long count)
    {
        const int LongestStretch = 1 << 30;
        var bytes = count * sizeof(float);
        for (long start = 0; start < bytes; start += LongestStretch)
        {
            Broadcast(new Span<byte>((byte*)floats + start, (int)Math.Min(LongestStretch, bytes - start)));
        }
    }

    /// <summary>Gives all processes what each of them has, in the order of ranks.</summary>
    /// <param name="mine">As many elements in every process.</param>
    /// <returns><c>[processes * mine]</c></returns>
    /// <exception cref="ProcessGroupException">They do not arrive.</exception>
    public T[] Gather<T>(ReadOnlySpan<T> mine)
        where T : unmanaged
    {
        var all = new T[mine.Length * Count];
        Gather(MemoryMarshal.AsBytes(mine), MemoryMarshal.AsBytes(all.AsSpan()));
        return all;
    }

    /// <summary>
    /// Each process sends every process a stretch of its floats: the first <c>sendCounts[0]</c> to rank 0, the next
    /// <c>sendCounts[1]</c> to rank 1, and so on, itself included.
    /// </summary>
    /// <param name="send">Address of the floats, in the memory of the device that the group moves.</param>
    /// <param name="sendCounts">How many go to each process.</param>
    /// <param name="receive">Address of where the stretches go, in the order of ranks.</param>
    /// <param name="receiveCounts">How many come from each process.</param>
    /// <exception cref="ProcessGroupException">They do not arrive.</exception>
    public abstract void AllToAll(
        nint send,
        ReadOnlySpan<int> sendCounts,
        nint receive,
        ReadOnlySpan<int> receiveCounts
    );

    /// <summary>
    /// Gives all processes all floats of a vector of which each has a stretch: rank r those after the first
    /// <c>counts[0] + .. + counts[r-1]</c>.
    /// </summary>
    /// <param name="all">Address of the vector, in the memory of the device that the group moves.</param>
    /// <param name="counts">How many each process has.</param>
    /// <exception cref="ProcessGroupException">They do not arrive.</exception>
    public abstract void GatherInPlace(nint all, ReadOnlySpan<int> counts);

    /// <summary>
    /// Ends all processes of the group because this one cannot continue; of a group of one it does nothing.
    /// </summary>
    /// <param name="exitCode">The exit code.</param>
    public abstract void Abort(int exitCode);

    /// <summary>Leaves the group for good, because all is done: the process ends after that.</summary>
    /// <param name="exitCode">The exit code, should the engine not let the process end by itself.</param>
    public virtual void Leave(int exitCode) => Dispose();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gathers bytes; see <see cref="Gather{T}"/>.</summary>
    protected abstract void Gather(ReadOnlySpan<byte> mine, Span<byte> all);

    /// <summary>Counts bytes that this process sent to others.</summary>
    protected void CountSent(long bytes) => _sent += bytes;

    /// <summary>Leaves the group.</summary>
    protected virtual void Dispose(bool disposing) { }
}
