using System.Diagnostics;

namespace TransformerClinic.Web.Operation;

/// <summary>Whether the service takes requests, and how many it is at.</summary>
internal sealed class ServiceActivity
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);
    private int _requests;
    private int _begun;
    private int _connections;
    private long _latest;

    /// <summary>Whether the signal to stop was given: what is asked is still answered, but the service is not
    /// ready.</summary>
    public bool IsDraining { get; private set; }

    /// <summary>Whether nobody is connected, and nobody was for a second: between two requests of a client under load
    /// there are moments without a connection.</summary>
    public bool IsQuiet =>
        Volatile.Read(ref _connections) == 0 && Stopwatch.GetElapsedTime(Volatile.Read(ref _latest)) > Quiet;

    /// <summary>Whether every open connection has a request that is being answered.</summary>
    public bool AllConnectionsHaveRequests => Volatile.Read(ref _connections) <= Volatile.Read(ref _requests);

    /// <summary>Requests that began since the service started.</summary>
    public int Begun => Volatile.Read(ref _begun);

    /// <summary>From now on the service is not ready.</summary>
    public void Drain() => IsDraining = true;

    /// <summary>A request begins; dispose when it ends.</summary>
    public IDisposable BeginRequest()
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Increment(ref _begun);
        return new End(() => Interlocked.Decrement(ref _requests));
    }

    /// <summary>A connection opens; dispose when it closes.</summary>
    public IDisposable BeginConnection()
    {
        Interlocked.Increment(ref _connections);
        return new End(() =>
        {
            Volatile.Write(ref _latest, Stopwatch.GetTimestamp());
            Interlocked.Decrement(ref _connections);
        });
    }

    private sealed class End(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
