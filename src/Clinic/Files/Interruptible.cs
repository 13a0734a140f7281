namespace TransformerClinic.Files;

/// <summary>
/// Calls that may wait for another program without end (opening a named pipe, reading what nobody writes, writing what
/// nobody reads) on a thread of their own, so that a cancellation ends the waiting though nothing can end the call.
/// </summary>
public static class Interruptible
{
    // A call that is at work and not waiting gets this time to end by itself.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>The result of a call.</summary>
    /// <param name="call">The call; after a cancellation it is left to itself.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">
    /// The token was canceled, and the call did not end soon after.
    /// </exception>
    public static T Run<T>(Func<T> call, CancellationToken stop)
    {
        if (!stop.CanBeCanceled)
        {
            return call();
        }

        var running = Task.Factory.StartNew(
            call,
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        try
        {
            ((Task)running).Wait(stop);
        }
        catch (OperationCanceledException) when (!running.IsCompleted)
        {
            if (!((IAsyncResult)running).AsyncWaitHandle.WaitOne(Grace))
            {
                throw;
            }
        }
        catch (Exception exception) when (exception is AggregateException or OperationCanceledException)
        {
            // What the call threw is thrown below.
        }

        return running.GetAwaiter().GetResult();
    }
}
