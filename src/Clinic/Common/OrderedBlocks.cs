namespace TransformerClinic.Common;

/// <summary>
/// Work on blocks of a stream by all cores, with the results in the order of the stream and few blocks in memory.
/// </summary>
internal static class OrderedBlocks
{
    /// <summary>
    /// The results of work on blocks of items. The items are enumerated, and the results handed over, on the caller's
    /// thread; the work runs on others. An exception of the work is thrown in place of its result.
    /// </summary>
    /// <param name="items">The items.</param>
    /// <param name="size">Items in a block; the last may have fewer.</param>
    /// <param name="work">The work on a block; it may run at the same time for several.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static IEnumerable<TResult> Map<T, TResult>(
        IEnumerable<T> items,
        int size,
        Func<IReadOnlyList<T>, TResult> work,
        CancellationToken cancellation
    )
    {
        // As many again wait as are worked on, so that no core waits for the caller.
        var most = 2 * Environment.ProcessorCount;
        var running = new Queue<Task<TResult>>();
        try
        {
            foreach (var block in items.Chunk(size))
            {
                cancellation.ThrowIfCancellationRequested();
                running.Enqueue(Task.Run(() => work(block), CancellationToken.None));
                if (running.Count == most)
                {
                    yield return running.Dequeue().GetAwaiter().GetResult();
                }
            }

            while (running.TryDequeue(out var oldest))
            {
                cancellation.ThrowIfCancellationRequested();
                yield return oldest.GetAwaiter().GetResult();
            }
        }
        finally
        {
            // Nobody takes these results, but the work must not outlive what it works with.
            foreach (IAsyncResult abandoned in running)
            {
                abandoned.AsyncWaitHandle.WaitOne();
            }
        }
    }
}
