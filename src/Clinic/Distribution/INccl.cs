namespace TransformerClinic.Distribution;

/// <summary>
/// What is needed of NCCL, NVIDIA's library that moves bytes between devices: one communicator for all processes, whose
/// operations take addresses in the memory of this process's device. They queue up behind what the device already has
/// to do, and return before they are done.
/// </summary>
internal interface INccl : IDisposable
{
    /// <summary>Name and version, such as "NCCL 2.27.5".</summary>
    string Version { get; }

    /// <summary>A name for a new communicator, by which the processes find each other.</summary>
    byte[] NewId();

    /// <summary>Enters the communicator; returns when all have.</summary>
    /// <param name="id">Its name, which one of the processes has made.</param>
    /// <param name="rank">This process, from 0.</param>
    /// <param name="count">How many there are.</param>
    void Enter(ReadOnlySpan<byte> id, int rank, int count);

    /// <summary>Queues operations that need each other, such as sending and receiving.</summary>
    void Together(Action work);

    /// <summary>Sends floats to a process, which receives as many from this one.</summary>
    void Send(nint floats, long count, int to);

    /// <summary>Receives floats from a process, which sends as many to this one.</summary>
    void Receive(nint floats, long count, int from);

    /// <summary>Gives all processes the floats of one, each in the place of its own.</summary>
    void Broadcast(nint floats, long count, int from);

    /// <summary>Whether the device has done all that it was given.</summary>
    /// <exception cref="ProcessGroupException">It cannot.</exception>
    bool IsDone();
}
