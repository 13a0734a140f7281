using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>Asks autograd to keep the gradients of all sublayers' outputs in the passes made while it lives.</summary>
internal sealed class SublayerGradients : IDisposable
{
    private readonly List<(SublayerPlace Place, Tensor Output)> _outputs = [];
    private readonly SublayerWatch _watch;

    /// <summary>Begins to watch a model.</summary>
    public SublayerGradients(Transformer model) => _watch = new SublayerWatch(model, Keep);

    /// <summary>The norms after the backward pass, in its order: the last sublayer of the decoder first.</summary>
    /// <exception cref="InvalidOperationException">The backward pass did not come by an output.</exception>
    public IReadOnlyList<SublayerGradient> InBackwardOrder()
    {
        using var scope = NewDisposeScope();
        return [.. _outputs.AsEnumerable().Reverse().Select(entry => new SublayerGradient(
            entry.Place,
            Norm.Of(entry.Output.grad ?? throw new InvalidOperationException($"The loss has no gradient at the output of {entry.Place.ReferenceName} {entry.Place.Layer}."))))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watch.Dispose();
        foreach (var (_, output) in _outputs)
        {
            output.Dispose();
        }
    }

    /// <summary>
    /// The model disposes its handle of the output before the backward pass. contiguous() of a tensor that lies in order is another
    /// handle of the same tensor, not a copy.
    /// </summary>
    private void Keep(SublayerPass pass)
    {
        var output = pass.Output.contiguous().DetachFromDisposeScope();
        output.retain_grad();
        _outputs.Add((pass.Place, output));
    }
}
