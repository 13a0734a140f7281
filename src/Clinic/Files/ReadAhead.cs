using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace TransformerClinic.Files;

/// <summary>Items that another thread reads while earlier ones are processed, in bounded memory.</summary>
internal static class ReadAhead
{
    // Long enough for a file to fill a chunk, short enough that somebody typing lines does not notice.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The items in chunks of one to <paramref name="most"/>, in order; it does not wait for a chunk to fill. An
    /// exception while reading is thrown here, after the items before it.
    /// </summary>
    /// <param name="items">The items to read.</param>
    /// <param name="most">Number of items in the largest chunk; this many more are read ahead.</param>
    /// <param name="cancellation">Ends the wait for more.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static IEnumerable<IReadOnlyList<T>> Chunks<T>(
        IEnumerable<T> items,
        int most,
        CancellationToken cancellation = default
    )
    {
        using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var queue = new BlockingCollection<T>(most);
        var wanted = given.Token;
        ExceptionDispatchInfo? failure = null;

        // In the background: a read that waits for input cannot be canceled.
        new Thread(Read) { IsBackground = true, Name = "read ahead" }.Start();
        try
        {
            while (Next(queue, most, cancellation) is { Count: > 0 } chunk)
            {
                yield return chunk;
            }

            failure?.Throw();
        }
        finally
        {
            given.Cancel();
        }

        void Read()
        {
            try
            {
                foreach (var item in items)
                {
                    queue.Add(item, wanted);
                }
            }
#pragma warning disable CA1031 // Any exception while reading is thrown again to the consumer of the items.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }

            queue.CompleteAdding();
        }
    }

    private static List<T> Next<T>(BlockingCollection<T> queue, int most, CancellationToken cancellation)
    {
        var chunk = new List<T>();
        if (!queue.TryTake(out var item, Timeout.Infinite, cancellation))
        {
            return chunk;
        }

        var clock = Stopwatch.StartNew();
        do
        {
            chunk.Add(item);
        } while (
            chunk.Count < most
            && clock.Elapsed is var waited
            && waited < Patience
            && queue.TryTake(out item, Patience - waited)
        );
        return chunk;
    }
}
