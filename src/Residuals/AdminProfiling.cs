namespace TransformerClinic.Residuals;

/// <summary>
/// Admin's profiling: one forward pass that sets every omega on the way. As the authors' code does it, omega_1 = 1 and
/// <c>omega_{i+1} = sqrt(Var[x_{i-1} * omega_i] + Var[f_i(x_{i-1})])</c>, measured in the network that already carries
/// omega_1 to omega_i. The printed formula, <c>sqrt(sum_{j&lt;i} Var[f_j])</c>, would set omega_1 to 0 and so delete the embedding.
/// </summary>
public static class AdminProfiling
{
    /// <summary>Runs <paramref name="forward"/> once and sets the omega of every connection that it passes.</summary>
    /// <returns>What was found, chain by chain, in forward order.</returns>
    /// <exception cref="InvalidOperationException">The forward pass did not meet each connection of the chains exactly once and in order.</exception>
    public static IReadOnlyList<ProfiledConnection> Run(IReadOnlyList<ProfilingChain> chains, Action forward)
    {
        ArgumentNullException.ThrowIfNull(chains);
        ArgumentNullException.ThrowIfNull(forward);
        Join(chains, chain => chain);
        try
        {
            forward();
        }
        finally
        {
            Join(chains, _ => null);
        }

        foreach (var chain in chains)
        {
            if (chain.Profiled.Count != chain.Connections.Count)
            {
                throw new InvalidOperationException(
                    $"The profiling pass met only {chain.Profiled.Count} residual connections of a chain of {chain.Connections.Count}; each must be passed exactly once.");
            }
        }

        return [.. chains.SelectMany(chain => chain.Profiled)];
    }

    private static void Join(IReadOnlyList<ProfilingChain> chains, Func<ProfilingChain, ProfilingChain?> joined)
    {
        foreach (var chain in chains)
        {
            foreach (var connection in chain.Connections)
            {
                connection.Join(joined(chain));
            }
        }
    }
}
