using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace TransformerClinic.Files;

/// <summary>Items that another thread reads while those before are worked on, in bounded memory.</summary>
public static class ReadAhead
{
    // Long enough for a file to fill a chunk, short enough not to be noticed by whoever types a line.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The items in chunks of one to <paramref name="most"/>, in their order; a chunk that is not full is not waited
    /// for. What reading throws is thrown here, after the items before it.
    /// </summary>
    /// <param name="items">What is read.</param>
    /// <param name="most">Items of the largest chunk; so many more are read ahead.</param>
    /// <param name="cancellation">Ends the waiting for more.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
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

        // In the background: a read that waits for input cannot be called off.
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
#pragma warning disable CA1031 // Whatever reading throws is thrown again to whoever takes the items.
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
