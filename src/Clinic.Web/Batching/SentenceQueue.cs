namespace TransformerClinic.Web.Batching;

/// <summary>
/// The sentences of all requests that wait, bounded in subwords. Requests take turns; a batch holds sentences of like
/// length for one translator; a small request overtakes large ones, which still get every fourth batch.
/// </summary>
/// <param name="capacity">
/// Subwords that may wait. A single request may be larger if nothing else waits.
/// </param>
/// <param name="workers">Threads that take batches: each is left its share of what waits.</param>
internal sealed class SentenceQueue(int capacity, int workers) : IDisposable
{
    private const int TurnOfBulk = 4;

    /// <summary>Batches of small requests are this many times smaller, as whoever comes next waits for one.</summary>
    private const int SmallerForUrgent = 4;

    /// <summary>Those of large requests this many times: a small request waits for one step of such a batch.</summary>
    private const int SmallerForBulk = 2;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _available = new(0);
    private readonly LinkedList<Lane> _urgent = [];
    private readonly LinkedList<Lane> _bulk = [];
    private TaskCompletionSource _room = NewSignal();
    private int _tokens;
    private int _turn;
    private bool _closed;

    /// <summary>Subwords that wait.</summary>
    public int Tokens => Volatile.Read(ref _tokens);

    /// <summary>Subwords that may wait.</summary>
    public int Capacity => capacity;

    /// <summary>Puts a request's sentences in line, all or none.</summary>
    /// <returns>Their lane, to take those back that still wait; null if there is no room for them.</returns>
    public Lane? TryAdd(IReadOnlyList<SentenceJob> jobs, bool isBulk)
    {
        var tokens = jobs.Sum(job => job.Length);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (_tokens > 0 && _tokens + tokens > capacity)
            {
                return null;
            }

            var lane = new Lane(isBulk);
            foreach (var job in jobs)
            {
                lane.Add(job);
            }

            _tokens += tokens;
            LanesOf(isBulk).AddLast(lane);
            _available.Release(Math.Min(jobs.Count, workers));
            return lane;
        }
    }

    /// <summary>Completes when there is more room than now.</summary>
    public Task WaitForRoomAsync(CancellationToken stop)
    {
        lock (_lock)
        {
            return _tokens == 0 ? Task.CompletedTask : _room.Task.WaitAsync(stop);
        }
    }

    /// <summary>Takes back what still waits of a lane: nobody waits for it any more.</summary>
    public void TakeBack(Lane lane)
    {
        IReadOnlyList<SentenceJob> jobs;
        lock (_lock)
        {
            jobs = lane.TakeAll();
            LanesOf(lane.IsBulk).Remove(lane);
            Freed(jobs);
        }

        foreach (var job in jobs)
        {
            job.Finish(null);
        }
    }

    /// <summary>Waits for the next batch; null once the queue is closed and empty.</summary>
    /// <param name="isBulk">Whether it is of large requests.</param>
    public IReadOnlyList<SentenceJob>? Take(out bool isBulk)
    {
        while (true)
        {
            _available.Wait();
            lock (_lock)
            {
                if (_closed)
                {
                    // From now on nobody waits: each worker takes what is left, or ends.
                    _available.Release();
                }

                isBulk = IsTurnOfBulk();
                if (Next(isBulk) is { } batch)
                {
                    WakeForTheRest();
                    return batch;
                }

                if (_closed)
                {
                    return null;
                }
            }
        }
    }

    /// <summary>A batch of small requests if any wait, for a worker that is in the middle of a large one's.</summary>
    public IReadOnlyList<SentenceJob>? TakeUrgent()
    {
        lock (_lock)
        {
            return _urgent.Count == 0 ? null : Batch(_urgent);
        }
    }

    /// <summary>Takes no more sentences; those that wait are still handed out.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            _available.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _available.Dispose();

    private LinkedList<Lane> LanesOf(bool isBulk) => isBulk ? _bulk : _urgent;

    private bool IsTurnOfBulk() => _urgent.Count == 0 || (_bulk.Count > 0 && ++_turn % TurnOfBulk == 0);

    private IReadOnlyList<SentenceJob>? Next(bool bulk)
    {
        var lanes = LanesOf(bulk);
        return lanes.Count == 0 ? null : Batch(lanes);
    }

    /// <summary>
    /// Begins with the sentence whose turn it is, then goes round the lanes, a sentence of like length from each, until
    /// the budget is used or this worker has its share.
    /// </summary>
    private List<SentenceJob> Batch(LinkedList<Lane> lanes)
    {
        var first = lanes.First!.Value.First;
        var share = (lanes.Sum(lane => lane.Count) + workers - 1) / workers;
        var room = first.Translator.Options.TokensPerBatch / (lanes == _bulk ? SmallerForBulk : SmallerForUrgent);
        if (first.Translator.Options.MaxLengthOf == Decoding.SourceLength.Batch)
        {
            share = 1;
        }

        bool Fits(SentenceJob job) =>
            job == first
            || (
                job.Translator == first.Translator
                && job.Length <= room
                && job.Length <= (2 * first.Length) + 8
                && first.Length <= (2 * job.Length) + 8
            );

        var batch = new List<SentenceJob>();
        for (var found = true; found && batch.Count < share; )
        {
            found = false;
            var lane = lanes.First;
            for (var left = lanes.Count; left > 0 && batch.Count < share; left--)
            {
                var next = lane!.Next;
                if (lane.Value.TakeFirst(Fits) is { } job)
                {
                    batch.Add(job);
                    room -= job.Length;
                    found = true;
                    ToTheEnd(lanes, lane);
                }

                lane = next;
            }
        }

        Freed(batch);
        return batch;
    }

    /// <summary>A lane had its turn; one that is empty is gone. The others keep their places.</summary>
    private static void ToTheEnd(LinkedList<Lane> lanes, LinkedListNode<Lane> lane)
    {
        lanes.Remove(lane);
        if (lane.Value.Count > 0)
        {
            lanes.AddLast(lane);
        }
    }

    private void Freed(IReadOnlyList<SentenceJob> jobs)
    {
        if (jobs.Count > 0)
        {
            _tokens -= jobs.Sum(job => job.Length);
            _room.TrySetResult();
            _room = NewSignal();
        }
    }

    /// <summary>A worker that took less than all wakes the next.</summary>
    private void WakeForTheRest()
    {
        if (_urgent.Count + _bulk.Count > 0 && _available.CurrentCount == 0)
        {
            _available.Release();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
