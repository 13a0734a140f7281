namespace TransformerClinic.Files;

/// <summary>
/// Runs calls that may wait for another program forever (opening a named pipe, reading what nobody writes, writing what
/// nobody reads) on a separate thread, so that a cancellation ends the wait even though nothing can end the call.
/// </summary>
internal static class Interruptible
{
    // A call that is working, not waiting, gets this much time to end by itself.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>The result of a call.</summary>
    /// <param name="call">
    /// The call; after a cancellation it is abandoned, and what it then gives is disposed.
    /// </param>
    /// <param name="stop">Ends the wait.</param>
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
                running.ContinueWith(DisposeResult, TaskScheduler.Default);
                throw;
            }
        }
        catch (Exception exception) when (exception is AggregateException or OperationCanceledException)
        {
            // An exception in the call is thrown below.
        }

        return running.GetAwaiter().GetResult();
    }

    /// <summary>Whoever reads a pipe that was opened too late would wait for its end forever.</summary>
    private static void DisposeResult<T>(Task<T> late)
    {
        if (late.IsCompletedSuccessfully && late.Result is IDisposable opened)
        {
            opened.Dispose();
        }
    }
}
