using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>How a stack's output change is meant to grow with its number n of residual connections.</summary>
public enum OutputChange
{
    /// <summary>O(log n): <c>omega = sqrt((n+1) / ln(n+1) - 1)</c>.</summary>
    LogN,

    /// <summary>O(n): <c>omega = 1</c>, plain Post-LN.</summary>
    Linear,

    /// <summary>O(1): <c>omega = sqrt(n)</c>.</summary>
    Constant,

    /// <summary>
    /// <c>omega = n^p</c> with a p of one's own: O(n) at p = 0, O(1) at p = 1/2; alpha of DeepNorm in a stack of its
    /// own at p = 1/4, of Keel at p = 1.
    /// </summary>
    Power,
}

/// <summary>
/// Admin without profiling: one omega for all connections of a stack, from only their number (the rule of the package
/// admin-torch 0.1.0, which assumes branches and shortcuts of variance 1).
/// </summary>
public static class AnalyticOmega
{
    /// <summary>
    /// The omega of each of <paramref name="residuals"/> connections: two a layer in an encoder or a stack of its own,
    /// three in a decoder with cross-attention.
    /// </summary>
    /// <param name="residuals">n.</param>
    /// <param name="change">How the output change is meant to grow.</param>
    /// <param name="power">p, with <see cref="OutputChange.Power"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// There is no connection, or the growth is not a known one.
    /// </exception>
    public static double Of(int residuals, OutputChange change, double power = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(residuals);
        return change switch
        {
            OutputChange.LogN => Math.Sqrt(((residuals + 1) / Math.Log(residuals + 1)) - 1),
            OutputChange.Linear => 1,
            OutputChange.Constant => Math.Sqrt(residuals),
            OutputChange.Power => Math.Pow(residuals, power),
            _ => throw new ArgumentOutOfRangeException(
                nameof(change),
                change,
                "This growth of the output change is not known."
            ),
        };
    }

    /// <summary>
    /// Sets every <see cref="AdminResidual"/> of a model, chain by chain, from the number of connections of the chain;
    /// what was set is read back from <see cref="AdminResidual.Setting"/>.
    /// </summary>
    /// <param name="model">Any module with Admin connections registered below it.</param>
    /// <param name="change">How the output change is meant to grow.</param>
    /// <param name="chainOf">
    /// From a connection's module path to its chain; <see cref="ResidualChains.ByStack"/> if null.
    /// </param>
    /// <param name="power">p, with <see cref="OutputChange.Power"/>.</param>
    /// <exception cref="InvalidOperationException">The model has no Admin connection, or a frozen one.</exception>
    public static void Set(
        nn.Module model,
        OutputChange change = OutputChange.LogN,
        Func<string, string>? chainOf = null,
        double power = 0
    )
    {
        foreach (
            var chain in ResidualChains
                .Find(model, chainOf ?? ResidualChains.ByStack)
                .GroupBy(place => place.Chain, StringComparer.Ordinal)
        )
        {
            var count = chain.Count();
            var setting = new OmegaSetting(
                Of(count, change, power),
                $"{change} in a chain of {count} connections, from only their number."
            );
            foreach (var place in chain)
            {
                place.Connection.Set(setting);
            }
        }
    }
}
