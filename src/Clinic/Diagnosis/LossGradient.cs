using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>
/// The parameters' gradients of one loss, available until this is disposed; the model's gradients are zero before and
/// after.
/// </summary>
internal sealed class LossGradient : IDisposable
{
    private readonly nn.Module _model;

    /// <summary>Computes them.</summary>
    /// <param name="pass">A pass of the model.</param>
    /// <param name="backward">Propagates the loss's derivative back from what the pass returns.</param>
    /// <param name="observer">Gets what each sublayer computes, in forward order.</param>
    public LossGradient(DiagnosedPass pass, Action<Tensor> backward, Action<SublayerPass> observer)
    {
        using var scope = NewDisposeScope();
        _model = pass.Model;
        Clear();
        backward(pass.Run(observer));
    }

    /// <summary>
    /// Every parameter's gradient, of its shape; zeros where the loss does not depend on it. Owned by the current
    /// dispose scope.
    /// </summary>
    public IEnumerable<(string Name, Tensor Gradient)> Parameters =>
        _model.named_parameters().Select(entry => (entry.name, entry.parameter.grad ?? zeros_like(entry.parameter)));

    /// <inheritdoc/>
    public void Dispose() => Clear();

    /// <summary>In place: an optimizer may keep the gradients in a buffer of its own.</summary>
    private void Clear() => _model.zero_grad(set_to_none: false);
}
