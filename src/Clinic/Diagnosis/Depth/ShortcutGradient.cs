using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis.Depth;

/// <summary>
/// The true gradient at a sublayer's output against what only its stack's shortcuts would bring there: <c>g_i =
/// dL/dx_i</c>, and <c>h_n = g_n, h_{i-1} = (dy_i/dx_i with f_i held fixed)^T h_i</c>, the product of the shortcuts'
/// Jacobians from the stack's output down. Keel's argument (Chen and Wei 2026, equation 14) is about h; what trains the
/// weights is g, which goes through the branches as well.
/// </summary>
/// <param name="Place">The sublayer.</param>
/// <param name="Norm"><c>|g_i|</c>, Euclidean over <c>[batch, length, dim]</c>.</param>
/// <param name="ThroughShortcuts"><c>|h_i|</c>.</param>
internal sealed record ShortcutGradient(SublayerPlace Place, double Norm, double ThroughShortcuts)
{
    /// <summary>
    /// Measures one forward and one backward pass without dropout, and one step back through each connection. The
    /// model's gradients are zero afterwards.
    /// </summary>
    /// <param name="pass">The pass.</param>
    /// <param name="backward">Propagates the loss's derivative back from what the pass returns.</param>
    /// <returns>In forward order.</returns>
    /// <exception cref="InvalidOperationException">
    /// The pass ran through no residual connection, or the loss does not depend on a sublayer.
    /// </exception>
    public static IReadOnlyList<ShortcutGradient> Measure(DiagnosedPass pass, Action<Tensor> backward)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(backward);
        using var scope = NewDisposeScope();
        using var chain = new ShortcutChain();
        using var gradient = new LossGradient(pass, backward, chain.Keep);
        return chain.InForwardOrder();
    }
}
