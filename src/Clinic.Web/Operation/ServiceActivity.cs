namespace TransformerClinic.Web.Operation;

/// <summary>Whether the service takes requests, and how many it is at.</summary>
internal sealed class ServiceActivity
{
    private int _requests;
    private int _connections;

    /// <summary>Whether the signal to stop was given: what is asked is still answered, but the service is not
    /// ready.</summary>
    public bool IsDraining { get; private set; }

    /// <summary>Requests that are being answered.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Connections that are open.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>From now on the service is not ready.</summary>
    public void Drain() => IsDraining = true;

    /// <summary>A request begins; dispose when it ends.</summary>
    public IDisposable BeginRequest()
    {
        Interlocked.Increment(ref _requests);
        return new End(() => Interlocked.Decrement(ref _requests));
    }

    /// <summary>A connection opens; dispose when it closes.</summary>
    public IDisposable BeginConnection()
    {
        Interlocked.Increment(ref _connections);
        return new End(() => Interlocked.Decrement(ref _connections));
    }

    private sealed class End(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
