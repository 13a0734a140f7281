namespace TransformerClinic.Residuals.Remedies;

/// <summary>
/// The outputs of layers, next to x: <c>h_0 = x_0</c>, the stack's input, and <c>h_l = stored(y_l)</c> of the output of
/// the layer l. The first layer reads <c>start * h_0</c>, the layer after l <c>mixed(sum_{k &lt;= l} w_k h_k)</c>, and
/// so does the end of the stack.
/// </summary>
public sealed record LayerHistory
{
    /// <summary>
    /// What the first layer's input is, times the stack's; null in all connections but the stack's first.
    /// </summary>
    public ResidualScale? Start { get; init; }

    /// <summary>What a layer's output goes through before it is kept; null for nothing.</summary>
    public ScaledNorm? Stored { get; init; }

    /// <summary>
    /// w, <c>[l + 1]</c>, where the sublayer is the last of the layer l, from 1; null in all others.
    /// </summary>
    public ResidualScale? Weights { get; init; }

    /// <summary>What the weighted sum goes through; null for nothing.</summary>
    public ScaledNorm? Mixed { get; init; }

    /// <summary>w as it is now; null where the sublayer is not the last of its layer.</summary>
    internal double[]? WeightValues() => Weights?.Values(Weights.Tensor!.size(0));
}
