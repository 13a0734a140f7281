using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>One profiling of a model: which chunk is on its way, and the chains that it passes.</summary>
internal sealed class ProfilingSession(IReadOnlyList<ConnectionPlace> places, IReadOnlyList<ProfilingChunk> chunks)
{
    private readonly Dictionary<AdminResidual, ConnectionPlace> _places = places.ToDictionary(place =>
        place.Connection
    );
    private readonly Dictionary<string, ProfilingChain> _chains = new(StringComparer.Ordinal);
    private readonly HashSet<AdminResidual> _met = [];
    private readonly Lockstep _lockstep = new(chunks.Count);

    /// <summary>Runs all chunks and sets every omega.</summary>
    public IReadOnlyList<ProfiledConnection> Run()
    {
        Join(this);
        try
        {
            _lockstep.Run(chunk =>
            {
                using var noGradient = no_grad();
                chunks[chunk].Resumed?.Invoke();
                chunks[chunk].Forward();
            });
        }
        finally
        {
            Join(null);
        }

        if (places.FirstOrDefault(place => !_met.Contains(place.Connection)) is { } missed)
        {
            throw new InvalidOperationException(
                $"The profiling pass met only {_met.Count} of the model's {places.Count} Admin connections, not "
                    + $"{missed.Path}; each must be passed exactly once."
            );
        }

        return [.. _chains.Values.SelectMany(chain => chain.Finish())];
    }

    /// <summary>A connection on the way: waits until every chunk has passed the one before.</summary>
    public void Observe(AdminResidual connection, Tensor shortcut, Tensor branch)
    {
        _lockstep.Rendezvous();
        var chunk = _lockstep.Current;
        chunks[chunk].Resumed?.Invoke();
        var place = _places[connection];
        if (!_chains.TryGetValue(place.Chain, out var chain))
        {
            _chains.Add(place.Chain, chain = new ProfilingChain(place.Chain, chunks.Count));
        }

        chain.Pass(place, chunk, shortcut, branch, chunks[chunk].RealPositions.GetValueOrDefault(place.Chain));
        _met.Add(connection);
    }

    private void Join(ProfilingSession? session)
    {
        foreach (var place in places)
        {
            place.Connection.Session = session;
        }
    }
}
