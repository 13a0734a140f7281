using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>
/// A part of the profiling batch. All chunks go through the network side by side, from one residual connection to the
/// next, so that omegas are those of the whole batch; only one computes at a time.
/// </summary>
/// <param name="Forward">
/// The forward pass of this part; it passes every Admin connection once, in the same order as the other parts do.
/// </param>
public sealed record ProfilingChunk(Action Forward)
{
    /// <summary>
    /// Which positions count in the variances of a chain, boolean <c>[batch, length]</c>; a chain that is not named
    /// counts all of them, padding too, as the authors' code does.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> RealPositions { get; init; } = new Dictionary<string, Tensor>();

    /// <summary>
    /// Called before the part's forward pass begins or continues, on its thread: where state of its own, such as that
    /// of dropout, is put back.
    /// </summary>
    public Action? Resumed { get; init; }
}
