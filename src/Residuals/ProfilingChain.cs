using TorchSharp;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>
/// The Admin connections of one stack in the order in which the forward pass meets them, and the running variance that
/// profiling carries along it. Encoder and decoder are chains of their own; both start at 1.
/// </summary>
/// <param name="name">What the chain is called in the result, such as <c>encoder</c>.</param>
/// <param name="connections">The stack's Admin connections, in forward order.</param>
/// <param name="realPositions">
/// Which positions count in the variances, boolean <c>[batch, length]</c>; null counts all of them, padding too, as the
/// authors' code does.
/// </param>
public sealed class ProfilingChain(string name, IReadOnlyList<AdminResidual> connections, Tensor? realPositions)
{
    private readonly List<ProfiledConnection> _profiled = [];
    private double _ratio = 1;

    /// <summary>What was found so far, in forward order.</summary>
    public IReadOnlyList<ProfiledConnection> Profiled => _profiled;

    internal IReadOnlyList<AdminResidual> Connections => connections;

    /// <summary>
    /// Sets the connection's omega to the running ratio and moves the ratio on:
    /// <c>omega_i = r; r = sqrt(Var[x * omega_i] + Var[f_i(x)])</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is not this connection's turn.</exception>
    internal void Observe(AdminResidual connection, Tensor shortcut, Tensor branch)
    {
        if (_profiled.Count == connections.Count || !ReferenceEquals(connection, connections[_profiled.Count]))
        {
            throw new InvalidOperationException(
                $"The profiling pass met a residual connection of the chain '{name}' twice or out of order; each must be passed exactly once.");
        }

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using Scalar omega = _ratio;
        connection.Omega.fill_(omega);
        var shortcutVariance = Variance(shortcut * connection.Omega);
        var branchVariance = Variance(branch);
        _profiled.Add(new ProfiledConnection(name, _profiled.Count + 1, _ratio, shortcutVariance, branchVariance));
        _ratio = Math.Sqrt(shortcutVariance + branchVariance);
    }

    /// <summary>Population variance over all channels of the counted positions, accumulated in float64.</summary>
    private double Variance(Tensor x)
    {
        var counted = realPositions is null ? x : x[realPositions];
        var wide = counted.to(ScalarType.Float64);

        // TorchSharp's var(unbiased: false) divides by n - 1 all the same.
        return (wide - wide.mean()).square().mean().item<double>();
    }
}
