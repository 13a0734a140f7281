using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>Makes autograd keep the gradients of the outputs of sublayers.</summary>
internal sealed class SublayerGradients : IDisposable
{
    private readonly List<(SublayerPass Pass, Tensor Output)> _outputs = [];

    /// <summary>
    /// A sublayer's pass. The model may dispose its handle of the output before the backward pass; positive() is
    /// another handle of the same tensor, not a copy.
    /// </summary>
    public void Keep(SublayerPass pass)
    {
        var output = pass.State.positive().DetachFromDisposeScope();
        output.retain_grad();
        _outputs.Add((pass, output));
    }

    /// <summary>The norms after the backward pass, in its order: the last sublayer first.</summary>
    /// <exception cref="InvalidOperationException">The backward pass did not reach an output.</exception>
    public IReadOnlyList<SublayerGradient> InBackwardOrder()
    {
        using var scope = NewDisposeScope();
        return
        [
            .. _outputs
                .AsEnumerable()
                .Reverse()
                .Select(entry => new SublayerGradient(
                    entry.Pass.Place,
                    Norm.Of(
                        entry.Pass.Residual.StreamOf(
                            entry.Output.grad
                                ?? throw new InvalidOperationException(
                                    $"The loss has no gradient at the output of {entry.Pass.Place}."
                                )
                        )
                    )
                )),
        ];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, output) in _outputs)
        {
            output.Dispose();
        }
    }
}
