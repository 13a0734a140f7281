using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>
/// Admin's profiling: one forward pass, without gradients, that sets the omega of every <see cref="AdminResidual"/> of
/// a model on the way. As the authors' code does it, omega_1 = 1 and <c>omega_{i+1} = sqrt(Var[x_{i-1} * omega_i] +
/// Var[f_i(x_{i-1})])</c>, measured in the network that already carries omega_1 to omega_i. The printed formula,
/// <c>sqrt(sum_{j&lt;i} Var[f_j])</c>, would set omega_1 to 0 and so delete the embedding
/// (<see cref="AdminFormulaResidual"/>).
/// </summary>
/// <remarks>
/// Connections are found among the model's registered modules and taken in the order in which the pass reaches them.
/// Dropout is as the forward pass has it: the authors profile with dropout on.
/// </remarks>
public static class AdminProfiler
{
    /// <summary>Profiles a model on one batch.</summary>
    /// <param name="model">Any module with Admin connections registered below it.</param>
    /// <param name="forward">One forward pass of the batch.</param>
    /// <param name="chainOf">
    /// From a connection's module path to its chain; <see cref="ResidualChains.ByStack"/> if null.
    /// </param>
    /// <returns>What was found and set, chain by chain, in forward order.</returns>
    /// <exception cref="InvalidOperationException">
    /// The model has no Admin connection, or the pass did not meet each exactly once, or a variance is not a number.
    /// Omegas are then as far as the pass came.
    /// </exception>
    public static IReadOnlyList<ProfiledConnection> Run(
        nn.Module model,
        Action forward,
        Func<string, string>? chainOf = null
    ) => Run(model, [new ProfilingChunk(forward)], chainOf);

    /// <summary>
    /// Profiles a model on a batch in chunks, as one that is too large for memory: the same omegas as of the whole
    /// batch but for rounding, in one pass.
    /// </summary>
    /// <param name="model">Any module with Admin connections registered below it.</param>
    /// <param name="chunks">The parts of the batch.</param>
    /// <param name="chainOf">
    /// From a connection's module path to its chain; <see cref="ResidualChains.ByStack"/> if null.
    /// </param>
    /// <returns>What was found and set, chain by chain, in forward order.</returns>
    /// <exception cref="ArgumentException">There is no chunk.</exception>
    /// <exception cref="InvalidOperationException">
    /// As for one batch, or the chunks reached the connections in different orders.
    /// </exception>
    public static IReadOnlyList<ProfiledConnection> Run(
        nn.Module model,
        IReadOnlyList<ProfilingChunk> chunks,
        Func<string, string>? chainOf = null
    )
    {
        ArgumentNullException.ThrowIfNull(chunks);
        return chunks.Count > 0
            ? new ProfilingSession(ResidualChains.Find(model, chainOf ?? ResidualChains.ByStack), chunks).Run()
            : throw new ArgumentException("There is no batch to profile on.", nameof(chunks));
    }
}
